import { read, readList, write } from './address';
import { button, make, say } from './dom';
import type { DataTable } from './table';
import { cellAt, keyOf } from './values';

const most = 4;

/** Two to four rows of a board side by side, on the board's own page. */
export class Comparison {
  readonly element = make('span', { className: 'picking' });
  private readonly picked = new Map<string, HTMLTableRowElement>();
  private readonly openButton = button('', () => this.open());
  private readonly clearButton = button('Clear choice', () => this.clear());
  private readonly panel = make('section', { className: 'comparison', hidden: true });

  constructor(private readonly table: DataTable, region: Element) {
    this.element.append(this.openButton, this.clearButton);
    this.panel.setAttribute('aria-label', 'Comparison');
    this.panel.tabIndex = -1;
    region.before(this.panel);
    this.tell();
  }

  adopt(row: HTMLTableRowElement): void {
    const head = row.cells[0];
    if (!head || head.querySelector('input')) return;
    const box = make('input', { type: 'checkbox' });
    box.setAttribute('aria-label', `Choose ${title(row)} for comparison`);
    box.addEventListener('change', () => this.pick(row, box));
    head.prepend(box, ' ');
  }

  async restore(): Promise<void> {
    const wanted = readList(`${this.table.prefix}compare`);
    if (wanted.length < 2) return;
    await this.table.complete();
    for (const row of this.table.rows) {
      if (!wanted.includes(row.dataset['row'] ?? '') || this.picked.size === most) continue;
      this.picked.set(row.dataset['row']!, row);
      row.querySelector<HTMLInputElement>('input')!.checked = true;
    }
    this.tell();
    if (this.picked.size > 1) this.open(false);
  }

  private pick(row: HTMLTableRowElement, box: HTMLInputElement): void {
    if (box.checked && this.picked.size === most) {
      box.checked = false;
      say(`At most ${most} rows can be compared.`);
      return;
    }
    if (box.checked) this.picked.set(row.dataset['row']!, row);
    else this.picked.delete(row.dataset['row']!);
    this.tell();
    say(`${this.picked.size} rows chosen.`);
    if (!this.panel.hidden) this.picked.size > 1 ? this.open(false) : this.close();
  }

  private tell(): void {
    this.element.hidden = this.picked.size === 0;
    this.openButton.disabled = this.picked.size < 2;
    this.openButton.textContent = this.picked.size < 2 ? 'Choose another row to compare' : `Compare ${this.picked.size} rows`;
  }

  private clear(): void {
    for (const row of this.picked.values()) row.querySelector<HTMLInputElement>('input')!.checked = false;
    this.picked.clear();
    this.tell();
    this.close();
  }

  private close(): void {
    this.panel.hidden = true;
    this.panel.replaceChildren();
    write(`${this.table.prefix}compare`, null);
  }

  private open(focus = true): void {
    const rows = [...this.picked.values()];
    this.table.remember('compare', this.picked.keys());
    const shut = button('Close', () => { this.close(); this.openButton.focus(); });
    const scroll = make('div', { className: 'scroll' }, this.sideBySide(rows));
    scroll.setAttribute('role', 'region');
    scroll.setAttribute('aria-label', 'Rows side by side');
    scroll.tabIndex = 0;
    this.panel.replaceChildren(make('div', { className: 'tools' }, make('strong', {}, `${rows.length} rows side by side`), shut), scroll);
    this.panel.hidden = false;
    if (focus) this.panel.focus();
    say(`${rows.length} rows side by side, ${this.table.heads.length} quantities.`);
  }

  private sideBySide(rows: HTMLTableRowElement[]): HTMLTableElement {
    const made = make('table', {}, make('caption', { className: 'visually-hidden' }, 'Chosen rows side by side'));
    const head = make('tr', {}, scoped('col', 'Quantity'), ...rows.map(row => scoped('col', title(row), 'n')));
    const two = rows.length === 2;
    if (two) head.append(scoped('col', 'Difference', 'n'), scoped('col', 'Ratio', 'n'));
    made.append(make('thead', {}, head));
    const body = make('tbody');
    this.table.heads.forEach((column, index) => {
      if (index === 0 || column.dataset['key'] === 'interval' || column.dataset['key'] === 'runs') return;
      const line = make('tr', {}, scoped('row', columnTitle(column)), ...rows.map(row => copy(row, index)));
      if (two) line.append(...difference(rows, index, column));
      body.append(line);
    });
    made.append(body);
    return made;
  }
}

function title(row: HTMLTableRowElement): string {
  const head = row.cells[0]!;
  return [head.querySelector('a')?.textContent, head.querySelector('.sub')?.textContent].filter(Boolean).join(', ');
}

function columnTitle(head: HTMLTableCellElement): string {
  const name = (head.querySelector('button.sort')?.textContent || head.firstChild?.textContent || '').trim();
  const unit = (head.querySelector('.unit')?.textContent ?? '').trim();
  return unit ? `${name} (${unit})` : name;
}

function scoped(scope: 'col' | 'row', text: string, className = ''): HTMLTableCellElement {
  return make('th', { scope, className }, text);
}

function copy(row: HTMLTableRowElement, index: number): HTMLTableCellElement {
  const cell = cellAt(row, index);
  if (!cell) return make('td', { className: 'n missing' }, 'no result');
  const made = cell.cloneNode(true) as HTMLTableCellElement;
  made.hidden = false;
  return made;
}

function difference(rows: HTMLTableRowElement[], index: number, head: HTMLTableCellElement): HTMLTableCellElement[] {
  const [a, b] = rows.map(row => keyOf(cellAt(row, index)));
  const factor = Number(head.dataset['factor']);
  if (!a || !b || a.kind !== 'number' || b.kind !== 'number' || !head.dataset['factor'])
    return [make('td', { className: 'n missing' }, 'none'), make('td', { className: 'n missing' }, 'none')];
  const signed = new Intl.NumberFormat('en', { maximumSignificantDigits: 4, signDisplay: 'exceptZero' }).format((b.value - a.value) * factor);
  const ratio = a.value > 0 && b.value > 0 ? `×${new Intl.NumberFormat('en', { maximumSignificantDigits: 3 }).format(b.value / a.value)}` : 'none';
  return [make('td', { className: 'n' }, signed.replace('-', '−')), make('td', { className: 'n' }, ratio)];
}

/** The page that shows many rows side by side: the address may keep just some of its columns. */
export function startComparison(): void {
  for (const table of document.querySelectorAll<HTMLTableElement>('table[data-columns]')) {
    const cells = [...table.querySelectorAll<HTMLElement>('[data-row]')];
    const known = new Set(cells.map(cell => cell.dataset['row']));
    const wanted = new Set(readList('rows').filter(row => known.has(row)));
    if (read('rows') === null || wanted.size === 0) continue;
    for (const cell of cells) cell.hidden = !wanted.has(cell.dataset['row']!);
    const tools = make('div', { className: 'tools' });
    tools.append(button(`Show all ${known.size} rows`, () => {
      for (const cell of cells) cell.hidden = false;
      write('rows', null);
      tools.remove();
      say('All rows shown.');
    }));
    table.closest('.scroll')!.before(tools);
  }
}
