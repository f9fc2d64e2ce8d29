import { memory, read, write } from './address';

const root = document.documentElement;
const themes = ['light', 'dark'];

export function applyTheme(): void {
  const wanted = [read('theme'), memory.get('harness-theme')].find(theme => theme !== null && themes.includes(theme));
  if (wanted) root.dataset['theme'] = wanted;
}

function isDark(): boolean {
  const chosen = root.dataset['theme'];
  return chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
}

export function startTheme(): void {
  const toggle = document.querySelector<HTMLButtonElement>('[data-theme-toggle]');
  if (!toggle) return;
  const show = (): void => { toggle.textContent = isDark() ? 'Light theme' : 'Dark theme'; };
  toggle.hidden = false;
  toggle.addEventListener('click', () => {
    const theme = isDark() ? 'light' : 'dark';
    root.dataset['theme'] = theme;
    memory.set('harness-theme', theme);
    if (read('theme')) write('theme', theme);
    show();
  });
  show();
}
