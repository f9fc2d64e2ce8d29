import { button, say } from './dom';

/** Commands and citations can be taken along with one key. */
export function startCopying(): void {
  for (const block of document.querySelectorAll<HTMLElement>('[data-copy]')) {
    const text = block.textContent ?? '';
    const copy = button('Copy', () => void navigator.clipboard.writeText(text).then(() => say('Copied.'), () => say('The browser did not allow copying.')));
    copy.className = 'copy';
    block.before(copy);
  }
}
