import { readList, writeList } from './address';
import { button, checkbox, make, menu } from './dom';

const names = ['kind', 'family', 'device', 'state', 'note', 'verdict'] as const;
const titles: Record<string, string> = { kind: 'Kind', family: 'Family', device: 'Device', state: 'State', note: 'Remark', verdict: 'Verdict' };
const mostChips = 5;

/** The values of a row under a facet: several where a row carries several remarks. */
function valuesOf(row: HTMLTableRowElement, name: string): string[] {
  const text = row.dataset[name];
  return text === undefined ? [] : name === 'note' ? text.split('|') : [text];
}

/** Filters by what rows are: chips where there are few values, a menu where there are many. */
export class Facets {
  readonly element = make('span', { className: 'facets' });
  private readonly chosen = new Map<string, Set<string>>();

  constructor(private readonly prefix: string, rows: HTMLTableRowElement[], private readonly changed: () => void) {
    for (const name of names) this.chosen.set(name, new Set(readList(prefix + name)));
    this.fill(rows);
  }

  get any(): boolean {
    return [...this.chosen.values()].some(values => values.size > 0);
  }

  matches(row: HTMLTableRowElement): boolean {
    for (const [name, values] of this.chosen)
      if (values.size > 0 && !valuesOf(row, name).some(value => values.has(value))) return false;
    return true;
  }

  fill(rows: HTMLTableRowElement[]): void {
    this.element.replaceChildren();
    for (const name of names) {
      const counts = new Map<string, number>();
      for (const row of rows) for (const value of valuesOf(row, name)) counts.set(value, (counts.get(value) ?? 0) + 1);
      const chosen = this.chosen.get(name)!;
      for (const value of chosen) if (!counts.has(value)) counts.set(value, 0);
      if (counts.size > (name === 'note' ? 0 : 1)) this.element.append(this.facet(name, counts, chosen));
    }
  }

  private facet(name: string, counts: Map<string, number>, chosen: Set<string>): HTMLElement {
    const values = [...counts].sort((a, b) => a[0].localeCompare(b[0], 'en', { numeric: true }));
    const toggle = (value: string, on: boolean): void => {
      if (on) chosen.add(value);
      else chosen.delete(value);
      writeList(this.prefix + name, chosen);
      this.changed();
    };
    const title = titles[name]!;
    if (name === 'kind' && values.length <= mostChips) {
      const group = make('span', { className: 'chips' }, ...values.map(([value]) => chip(value, chosen.has(value), on => toggle(value, on))));
      group.setAttribute('role', 'group');
      group.setAttribute('aria-label', title);
      return group;
    }
    const summary = (): string => chosen.size > 0 ? `${title}: ${chosen.size}` : title;
    const made = menu(summary(), ...values.map(([value, count]) => checkbox(`${value} (${count})`, chosen.has(value), on => {
      toggle(value, on);
      made.querySelector('summary')!.textContent = summary();
      made.classList.toggle('active', chosen.size > 0);
    })));
    made.classList.toggle('active', chosen.size > 0);
    return made;
  }
}

function chip(text: string, on: boolean, change: (on: boolean) => void): HTMLButtonElement {
  const made = button(text, () => {
    const now = made.getAttribute('aria-pressed') !== 'true';
    made.setAttribute('aria-pressed', String(now));
    change(now);
  });
  made.setAttribute('aria-pressed', String(on));
  return made;
}
