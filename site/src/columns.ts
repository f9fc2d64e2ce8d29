import { readList } from './address';
import { checkbox, menu } from './dom';
import type { DataTable } from './table';

/** Which columns are shown. The address names the hidden ones, so that a new column is never missed by an old link. */
export class ColumnPicker {
  readonly element: HTMLElement;
  private readonly hidden: Set<string>;

  constructor(private readonly table: DataTable) {
    this.hidden = new Set(readList(`${table.prefix}hide`));
    const heads = table.heads.filter((head, index) => index > 0 && table.name(head));
    this.element = menu('Columns', ...heads.map(head =>
      checkbox(label(head), !this.hidden.has(table.name(head)), shown => this.set(table.name(head), shown))));
    this.applyToHeads();
  }

  apply(row: HTMLTableRowElement): void {
    if (this.hidden.size === 0 && row.dataset['thinned'] === undefined) return;
    row.dataset['thinned'] = '';
    let at = 0;
    for (const cell of row.cells) {
      const span = Number(cell.dataset['span'] ??= String(cell.colSpan));
      const visible = this.table.heads.slice(at, at + span).filter(head => !head.hidden).length;
      cell.hidden = visible === 0;
      if (visible > 0) cell.colSpan = visible;
      at += span;
    }
  }

  private set(name: string, shown: boolean): void {
    if (shown) this.hidden.delete(name);
    else this.hidden.add(name);
    this.table.remember('hide', this.hidden);
    this.applyToHeads();
    for (const row of this.table.rows) this.apply(row);
    this.table.refresh();
  }

  private applyToHeads(): void {
    for (const head of this.table.heads) head.hidden = this.hidden.has(this.table.name(head));
  }
}

function label(head: HTMLTableCellElement): string {
  return (head.querySelector('button.sort')?.textContent || head.firstChild?.textContent || '').trim();
}
