import { read, readable, write, writeList } from './address';
import { ColumnPicker } from './columns';
import { Comparison } from './comparison';
import { button, make, menu, say } from './dom';
import { exports } from './exporting';
import { Facets } from './facets';
import { loadRows } from './more';
import { cellAt, compare, keyOf } from './values';

const window_ = 50;

/** A table that can be sorted, searched, filtered, thinned out and taken along. What it shows is worked out anew from the address. */
export class DataTable {
  readonly body: HTMLTableSectionElement;
  readonly heads: HTMLTableCellElement[];
  rows: HTMLTableRowElement[];
  shown: HTMLTableRowElement[] = [];
  private readonly total: number;
  private readonly texts = new WeakMap<HTMLTableRowElement, string>();
  private readonly count = make('span', { className: 'sum' });
  private readonly moreButton = button('', () => { this.limit += window_; this.show(); });
  private limit = window_;
  private words: string[] = [];
  private facets: Facets | undefined;
  private columns: ColumnPicker | undefined;
  private comparison: Comparison | undefined;
  private pending: Promise<void> | undefined;

  constructor(readonly table: HTMLTableElement, readonly prefix: string) {
    this.body = table.tBodies[0]!;
    this.rows = [...this.body.rows];
    this.heads = [...table.tHead!.rows[0]!.cells];
    this.total = Number(table.dataset['all'] ?? this.rows.length);
    this.startSorting();
    if (table.dataset['filter'] !== undefined && this.total > 3) this.startTools();
    else this.show();
    if (this.isNarrowed()) void this.complete();
  }

  name(head: HTMLTableCellElement): string {
    return head.dataset['key'] ?? '';
  }

  /** Filters or sorts anew; with rows still missing, once they are there. */
  refresh(aloud: string | null = null): void {
    this.show();
    void this.complete().then(() => { if (aloud !== null) say(`${aloud}${this.count.textContent ?? ''}`); });
  }

  /** Loads the rows that stand on further pages. */
  complete(): Promise<void> {
    const sources = (this.table.dataset['more'] ?? '').split(' ').filter(Boolean);
    if (sources.length === 0) return Promise.resolve();
    return this.pending ??= loadRows(this.table.id, sources).then(rows => {
      this.rows = [...this.rows, ...rows];
      for (const row of rows) this.adopt(row);
      this.facets?.fill(this.rows);
      this.show();
    }, (problem: Error) => { this.count.textContent = problem.message; });
  }

  private adopt(row: HTMLTableRowElement): void {
    this.comparison?.adopt(row);
    this.columns?.apply(row);
  }

  private isNarrowed(): boolean {
    return this.words.length > 0 || read(`${this.prefix}sort`) !== null || (this.facets?.any ?? false) || read(`${this.prefix}compare`) !== null;
  }

  private startTools(): void {
    const tools = make('div', { className: 'tools' });
    const region = this.table.closest('.scroll')!;
    region.before(tools);
    const search = make('input', { type: 'search', value: read(`${this.prefix}q`) ?? '', placeholder: 'Search' });
    search.setAttribute('aria-label', `Search in ${this.table.caption?.textContent ?? 'the table'}`);
    search.addEventListener('input', () => {
      this.words = split(search.value);
      write(`${this.prefix}q`, search.value.trim());
      this.limit = window_;
      this.refresh('');
    });
    this.words = split(search.value);
    this.facets = new Facets(this.prefix, this.rows, () => { this.limit = window_; this.refresh(''); });
    this.columns = new ColumnPicker(this);
    tools.append(search, this.facets.element, this.columns.element);
    if (this.table.classList.contains('board')) {
      this.comparison = new Comparison(this, region);
      tools.append(this.densityButton(), this.comparison.element);
    }
    tools.append(menu('Take along', ...exports(this), this.linkButton()), this.count);
    const after = make('p', { className: 'more', hidden: true }, this.moreButton);
    region.after(after);
    for (const row of this.rows) this.adopt(row);
    this.show();
    void this.comparison?.restore();
  }

  private densityButton(): HTMLButtonElement {
    const name = `${this.prefix}density`;
    const dense = button('Compact', () => {
      const on = this.table.classList.toggle('compact');
      dense.setAttribute('aria-pressed', String(on));
      write(name, on ? 'compact' : null);
    });
    const on = read(name) === 'compact';
    this.table.classList.toggle('compact', on);
    dense.setAttribute('aria-pressed', String(on));
    return dense;
  }

  private linkButton(): HTMLButtonElement {
    return button('Copy link to this view', () => {
      void navigator.clipboard.writeText(readable()).then(() => say('Link copied.'), () => say('The browser did not allow copying; the address bar holds the link.'));
    });
  }

  private startSorting(): void {
    for (const head of this.heads) {
      if (head.dataset['unsorted'] !== undefined || !this.name(head)) continue;
      const first = head.firstChild!;
      const text = (first.textContent ?? '').trim();
      const sorter = button(first instanceof Element ? '' : text, () => {
        const best = head.dataset['better'] === 'higher' ? -1 : 1;
        const order = head.getAttribute('aria-sort');
        const sign = order === null ? best : (order === 'ascending' ? 1 : -1) === best ? -best : 0;
        write(`${this.prefix}sort`, sign === 0 ? null : (sign < 0 ? '-' : '') + this.name(head));
        this.refresh(sign === 0 ? 'Original order. ' : `Sorted by ${text}, ${sign > 0 ? 'smallest' : 'largest'} first. `);
      });
      sorter.className = 'sort';
      if (first instanceof Element) {
        sorter.setAttribute('aria-label', `Sort by ${text}`);
        first.after(sorter);
      } else first.replaceWith(sorter);
    }
  }

  private sorting(): { head: HTMLTableCellElement; index: number; sign: number } | null {
    const wanted = read(`${this.prefix}sort`);
    if (!wanted) return null;
    const sign = wanted.startsWith('-') ? -1 : 1;
    const name = wanted.replace(/^-/, '');
    const index = this.heads.findIndex(head => this.name(head) === name && head.querySelector('button.sort'));
    const head = this.heads[index];
    return head ? { head, index, sign } : null;
  }

  private matches(row: HTMLTableRowElement): boolean {
    if (this.facets && !this.facets.matches(row)) return false;
    if (this.words.length === 0) return true;
    let text = this.texts.get(row);
    if (text === undefined) this.texts.set(row, text = (row.textContent ?? '').toLowerCase());
    return this.words.every(word => text.includes(word));
  }

  private show(): void {
    let rows = this.rows.filter(row => this.matches(row));
    const sorting = this.sorting();
    for (const head of this.heads) head.removeAttribute('aria-sort');
    if (sorting) {
      const keyed = rows.map(row => ({ row, key: keyOf(cellAt(row, sorting.index)) }));
      keyed.sort((a, b) => compare(a.key, b.key, sorting.sign));
      rows = keyed.map(pair => pair.row);
      sorting.head.setAttribute('aria-sort', sorting.sign > 0 ? 'ascending' : 'descending');
    }
    this.shown = rows;
    const visible = rows.slice(0, this.limit);
    if (visible.length !== this.body.rows.length || visible.some((row, index) => this.body.rows[index] !== row)) this.body.replaceChildren(...visible);
    this.tell(rows.length);
  }

  private tell(matching: number): void {
    const everything = this.total > this.rows.length ? this.total : this.rows.length;
    const unfiltered = matching === this.rows.length;
    this.count.textContent = unfiltered ? `${everything} rows` : `${matching} of ${everything} rows`;
    const left = (unfiltered ? everything : matching) - Math.min(matching, this.limit);
    const holder = this.moreButton.parentElement;
    if (!holder) return;
    holder.hidden = left <= 0;
    this.moreButton.textContent = `Show ${Math.min(left, window_)} more of ${left} further rows`;
  }

  /** For the export of a view: the columns that are shown. */
  visibleColumns(): { head: HTMLTableCellElement; index: number }[] {
    return this.heads.map((head, index) => ({ head, index })).filter(({ head }) => !head.hidden && head.dataset['key'] !== 'interval');
  }

  remember(name: string, values: Iterable<string>): void {
    writeList(`${this.prefix}${name}`, values);
  }
}

function split(text: string): string[] {
  return text.toLowerCase().split(/\s+/).filter(Boolean);
}
