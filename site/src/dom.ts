type Properties<K extends keyof HTMLElementTagNameMap> = Partial<Omit<HTMLElementTagNameMap[K], 'style' | 'dataset'>>;

export function make<K extends keyof HTMLElementTagNameMap>(
  name: K, properties: Properties<K> = {}, ...children: (Node | string)[]): HTMLElementTagNameMap[K] {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

/** Tells readers of the screen and of the page's live region what just happened. */
export function say(text: string): void {
  const status = document.getElementById('status');
  if (status) status.textContent = text;
}

export function button(text: string, action: () => void): HTMLButtonElement {
  const made = make('button', { type: 'button' }, text);
  made.addEventListener('click', action);
  return made;
}

/** A small menu that a key opens and Escape closes. */
export function menu(title: string, ...children: (Node | string)[]): HTMLDetailsElement {
  const summary = make('summary', {}, title);
  const made = make('details', { className: 'menu' }, summary, make('div', { className: 'panel' }, ...children));
  made.addEventListener('keydown', event => {
    if (event.key !== 'Escape' || !made.open) return;
    made.open = false;
    summary.focus();
  });
  document.addEventListener('click', event => {
    if (made.open && event.target instanceof Node && !made.contains(event.target)) made.open = false;
  });
  return made;
}

export function checkbox(text: string, checked: boolean, change: (checked: boolean) => void): HTMLLabelElement {
  const box = make('input', { type: 'checkbox', checked });
  box.addEventListener('change', () => change(box.checked));
  return make('label', {}, box, ' ', text);
}
