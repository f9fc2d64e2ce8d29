// Searches data/runs.parquet in the browser. Built only where npm is; the page says so where it was not.
import { parquetReadObjects, type AsyncBuffer } from 'hyparquet';
import { read, write } from './address';
import { button, make, say } from './dom';
import { download } from './exporting';

const facets = ['suite', 'protocol', 'family', 'device', 'state', 'session'] as const;
const shownColumns = ['run', 'family', 'protocol', 'seed', 'state', 'metric', 'value', 'low', 'high', 'unit', 'device', 'started'] as const;
const needed = [...new Set([...facets, ...shownColumns, 'page', 'configuration', 'reason'])];
const most = 100;

type Run = Record<string, string | number | bigint | boolean | null | undefined>;

async function start(): Promise<void> {
  const place = document.getElementById('explorer');
  if (!place) return;
  if (location.protocol === 'file:') {
    place.append(make('p', { className: 'note' }, 'Browsers do not let a page that was opened from disk read a data file. Serve the folder, for ' +
      'example with `harness preview`, or use the archive pages.'));
    return;
  }
  const status = make('p', { className: 'empty' }, 'Reading the runs …');
  place.append(status);
  try {
    const file = await remote(new URL(place.dataset['runs']!, location.href).href);
    const runs = await parquetReadObjects({ file, columns: needed }) as Run[];
    status.remove();
    new Explorer(place, runs);
  } catch (problem) {
    status.textContent = `The runs could not be read: ${String(problem)}`;
  }
}

/** A file of which only the needed parts are fetched, its end first; a server that knows no ranges sends it whole. */
async function remote(url: string): Promise<AsyncBuffer> {
  const first = await fetch(url, { headers: { Range: 'bytes=-65536' } });
  if (!first.ok) throw new Error(`${url} answered ${first.status}`);
  const tail = await first.arrayBuffer();
  const total = first.status === 206 ? /\/(\d+)$/.exec(first.headers.get('content-range') ?? '')?.[1] : tail.byteLength;
  if (total === undefined) throw new Error(`${url} did not say how long it is`);
  const byteLength = Number(total);
  const tailStart = byteLength - tail.byteLength;
  return {
    byteLength,
    async slice(start, end = byteLength) {
      if (start >= tailStart) return tail.slice(start - tailStart, end - tailStart);
      const part = await fetch(url, { headers: { Range: `bytes=${start}-${end - 1}` } });
      if (part.status !== 206) throw new Error(`${url} answered ${part.status} to a request for a part of it`);
      return part.arrayBuffer();
    },
  };
}

class Explorer {
  private readonly results = make('tbody');
  private readonly count = make('p', { className: 'sum' });
  private readonly search = make('input', { type: 'search', placeholder: 'Words, e.g. a configuration' });
  private readonly choices = new Map<string, HTMLSelectElement>();
  private found: Run[] = [];

  constructor(place: HTMLElement, private readonly runs: Run[]) {
    this.search.setAttribute('aria-label', 'Search all runs');
    this.search.value = read('q') ?? '';
    this.search.addEventListener('input', () => this.show());
    const tools = make('div', { className: 'tools' }, this.search);
    for (const facet of facets) tools.append(this.choice(facet));
    tools.append(button('These runs as CSV', () => download(csv(this.found), 'runs.csv', 'text/csv')));
    const head = make('tr', {}, ...['Run', 'Family', 'Protocol', 'Seed', 'State', 'Result or reason', 'Device', 'Started'].map(text => make('th', { scope: 'col' }, text)));
    const table = make('table', { id: 'found' }, make('caption', {}, 'Runs that match, newest first'), make('thead', {}, head), this.results);
    const region = make('div', { className: 'scroll' }, table);
    region.setAttribute('role', 'region');
    region.setAttribute('aria-label', 'Runs that match');
    region.tabIndex = 0;
    place.append(tools, this.count, region);
    this.root = place.dataset['root'] ?? '';
    this.show();
  }

  private readonly root: string;

  private choice(facet: string): HTMLLabelElement {
    const values = [...new Set(this.runs.map(run => String(run[facet] ?? '')))].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
    const select = make('select', {}, make('option', { value: '' }, 'any'), ...values.map(value => make('option', { value }, value)));
    select.value = read(facet) ?? '';
    select.addEventListener('change', () => this.show());
    this.choices.set(facet, select);
    return make('label', {}, `${facet} `, select);
  }

  private show(): void {
    const words = this.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = [...this.choices].filter(([, select]) => select.value !== '').map(([facet, select]) => [facet, select.value] as const);
    write('q', this.search.value.trim());
    for (const [facet, select] of this.choices) write(facet, select.value);
    this.found = this.runs.filter(run => wanted.every(([facet, value]) => String(run[facet] ?? '') === value)
      && (words.length === 0 || words.every(word => text(run).includes(word))));
    const shown = this.found.slice(0, most);
    this.count.textContent = this.found.length > most ? `${this.found.length} runs match; the newest ${most} are shown.` : `${this.found.length} runs match.`;
    this.results.replaceChildren(...shown.map(run => this.row(run)));
    say(this.count.textContent);
  }

  private row(run: Run): HTMLTableRowElement {
    const link = make('a', { href: this.root + String(run['page']), className: 'mono' }, String(run['run']));
    const cells = ['family', 'protocol', 'seed', 'state'].map(name => make('td', {}, String(run[name] ?? '')));
    return make('tr', {}, make('th', { scope: 'row' }, link), ...cells, make('td', {}, outcome(run)),
      ...['device', 'started'].map(name => make('td', {}, String(run[name] ?? ''))));
  }
}

function text(run: Run): string {
  return needed.map(name => run[name] ?? '').join(' ').toLowerCase();
}

function outcome(run: Run): string {
  if (run['state'] !== 'ok') return String(run['reason'] ?? 'no reason was given');
  if (run['value'] === null || run['value'] === undefined) return 'no primary metric';
  const factor = run['unit'] === 'share' ? 100 : 1;
  const unit = run['unit'] === 'share' ? ' %' : '';
  const show = (value: Run[string]): string => (Number(value) * factor).toPrecision(4);
  const interval = run['low'] === null || run['low'] === undefined ? '' : ` [${show(run['low'])}, ${show(run['high'])}]`;
  return `${String(run['metric'])} ${show(run['value'])}${unit}${interval}`;
}

function csv(runs: Run[]): string {
  const field = (value: Run[string]): string => /[",\r\n]/.test(String(value ?? '')) ? `"${String(value).replaceAll('"', '""')}"` : String(value ?? '');
  return [needed, ...runs.map(run => needed.map(name => run[name]))].map(row => `${row.map(field).join(',')}\r\n`).join('');
}

void start();
