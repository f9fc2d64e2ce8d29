/** What a cell is sorted by. A cell that states nothing stands last in both directions. */
export type Key = { kind: 'none' } | { kind: 'number'; value: number } | { kind: 'text'; value: string };

/** The cell of a row under a column, counting spans; null where a cell spans several columns and so states none of them. */
export function cellAt(row: HTMLTableRowElement, index: number): HTMLTableCellElement | null {
  let at = 0;
  for (const cell of row.cells) {
    if (index < at + cell.colSpan) return cell.colSpan > 1 ? null : cell;
    at += cell.colSpan;
  }
  return null;
}

const numeral = /^\s*[+\-−]?(\d[\d,]*\.?\d*|\.\d+)(e[+\-−]?\d+)?/i;

function parse(text: string): number {
  const found = numeral.exec(text)?.[0];
  return found === undefined ? Number.NaN : Number.parseFloat(found.replaceAll(',', '').replaceAll('−', '-'));
}

export function keyOf(cell: HTMLTableCellElement | null): Key {
  if (!cell) return { kind: 'none' };
  const numeric = cell.classList.contains('n');
  const exact = cell.dataset['v'];
  const value = exact !== undefined ? Number.parseFloat(exact) : numeric ? parse(cell.textContent ?? '') : Number.NaN;
  if (!Number.isNaN(value)) return { kind: 'number', value };
  const text = (cell.textContent ?? '').trim();
  return numeric || text === '' ? { kind: 'none' } : { kind: 'text', value: text };
}

const words = new Intl.Collator('en', { numeric: true });

export function compare(a: Key, b: Key, sign: number): number {
  if (a.kind === 'none' || b.kind === 'none') return Number(a.kind === 'none') - Number(b.kind === 'none');
  if (a.kind === 'number' && b.kind === 'number') return sign * (a.value - b.value);
  return sign * words.compare(String(a.value), String(b.value));
}

/** A cell as text: what it shows first, without what stands small below; or every digit. */
export function textOf(cell: HTMLTableCellElement | null, exact: boolean): string {
  if (!cell) return '';
  if (exact && cell.dataset['v'] !== undefined) return cell.dataset['v'];
  const shown = cell.cloneNode(true) as HTMLElement;
  for (const extra of shown.querySelectorAll('.sub, svg, ul, input, button.copy')) extra.remove();
  return (shown.textContent ?? '').replace(/\s+/g, ' ').trim();
}
