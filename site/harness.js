// Enhances pages that are complete without it: theme, sorting, filtering, comparing, all kept in the address.
// A classic script on purpose: browsers refuse modules from file://, and the site must open from any folder.
'use strict';
{
  const root = document.documentElement;

  // The address holds the state; browsers that refuse to rewrite it for file:// fall back to the page's own memory.
  const address = new URL(location.href);
  const state = address.searchParams;
  function remember(name, value) {
    if (value) state.set(name, value); else state.delete(name);
    address.hash = location.hash;
    try { history.replaceState(null, '', address); } catch (refused) { if (refused.name !== 'SecurityError') throw refused; }
  }

  function stored(name) {
    try { return localStorage.getItem(name); } catch (refused) { if (refused.name !== 'SecurityError') throw refused; return null; }
  }
  function store(name, value) {
    try { localStorage.setItem(name, value); } catch (refused) { if (refused.name !== 'SecurityError') throw refused; }
  }

  const themes = ['light', 'dark'];
  const wanted = [state.get('theme'), stored('harness-theme')].find(theme => themes.includes(theme));
  if (wanted) root.dataset.theme = wanted;

  const say = text => { document.getElementById('status').textContent = text; };
  const element = (name, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };

  function startTheme() {
    const button = document.querySelector('[data-theme-toggle]');
    const dark = () => (root.dataset.theme ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) === 'dark';
    const show = () => { button.textContent = dark() ? 'Light theme' : 'Dark theme'; };
    button.hidden = false;
    button.addEventListener('click', () => {
      root.dataset.theme = dark() ? 'light' : 'dark';
      store('harness-theme', root.dataset.theme);
      if (state.has('theme')) remember('theme', root.dataset.theme);
      show();
    });
    show();
  }

  // A cell that states no number sorts last in both directions.
  const content = (row, index) => {
    let at = 0;
    for (const cell of row.cells) {
      if (at <= index && index < at + cell.colSpan) return cell.colSpan > 1 ? null : cell;
      at += cell.colSpan;
    }
    return null;
  };
  const number = text => (/^\s*[+\-−]?[\d,]*\.?\d+(e[+-]?\d+)?/i.test(text) ? parseFloat(text.replaceAll(',', '').replace('−', '-')) : NaN);
  function key(cell) {
    if (!cell) return { none: true };
    const value = cell.dataset.value !== undefined ? parseFloat(cell.dataset.value) : number(cell.classList.contains('number') ? cell.textContent : 'x');
    if (!Number.isNaN(value)) return { value };
    return cell.classList.contains('number') ? { none: true } : { text: cell.textContent.trim() };
  }
  function compare(a, b, sign) {
    if (a.none || b.none) return (a.none ? 1 : 0) - (b.none ? 1 : 0);
    if (a.text !== undefined || b.text !== undefined) return sign * String(a.text ?? a.value).localeCompare(String(b.text ?? b.value), 'en', { numeric: true });
    return sign * (a.value - b.value);
  }

  function startSorting(table) {
    const body = table.tBodies[0];
    const original = [...body.rows];
    const heads = [...table.tHead.rows[0].cells];
    const parameter = `${table.id}.sort`;
    const name = head => head.dataset.key ?? head.querySelector('button').firstChild.textContent.trim();
    function sort(head, sign) {
      heads.forEach(other => other.removeAttribute('aria-sort'));
      const index = heads.indexOf(head);
      const keyed = original.map(row => [row, key(content(row, index))]);
      if (sign) keyed.sort((a, b) => compare(a[1], b[1], sign));
      body.append(...keyed.map(pair => pair[0]));
      if (sign) head.setAttribute('aria-sort', sign > 0 ? 'ascending' : 'descending');
      remember(parameter, sign ? (sign < 0 ? '-' : '') + name(head) : '');
    }
    for (const head of heads) {
      if (head.dataset.unsorted !== undefined) continue;
      const unit = head.querySelector('.unit');
      const button = element('button', { type: 'button' }, head.firstChild.textContent.trim());
      head.firstChild.replaceWith(button);
      if (unit) head.append(unit);
      // Best first on the first click, the other way on the second, as published on the third.
      const first = head.dataset.direction === 'higher' || (head.classList.contains('number') && !head.dataset.direction) ? -1 : 1;
      button.addEventListener('click', () => {
        const now = { ascending: 1, descending: -1 }[head.getAttribute('aria-sort')] ?? 0;
        const next = now === 0 ? first : now === first ? -first : 0;
        sort(head, next);
        say(next ? `Sorted by ${button.textContent}, ${next > 0 ? 'ascending' : 'descending'}.` : 'Order as published.');
      });
    }
    const asked = state.get(parameter);
    if (!asked) return;
    const head = heads.find(candidate => candidate.querySelector('button') && name(candidate) === asked.replace(/^-/, ''));
    if (head) sort(head, asked.startsWith('-') ? -1 : 1);
  }

  function startFiltering(table, tools) {
    const rows = [...table.tBodies[0].rows];
    const search = element('input', { type: 'search', placeholder: 'Search', value: state.get(`${table.id}.q`) ?? '' });
    search.setAttribute('aria-label', `Search in ${table.caption.textContent}`);
    const sum = element('span', { className: 'sum' });
    const kinds = [...new Set(rows.map(row => row.dataset.kind).filter(Boolean))];
    const chosen = new Set((state.get(`${table.id}.kind`) ?? '').split(',').filter(kind => kinds.includes(kind)));
    function filter(aloud) {
      const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const row of rows) {
        const text = row.textContent.toLowerCase();
        row.hidden = !words.every(word => text.includes(word)) || (chosen.size > 0 && !chosen.has(row.dataset.kind));
        if (!row.hidden) shown++;
      }
      sum.textContent = shown === rows.length ? `${rows.length} rows` : `${shown} of ${rows.length} rows`;
      remember(`${table.id}.q`, search.value.trim());
      remember(`${table.id}.kind`, [...chosen].join(','));
      if (aloud) say(sum.textContent);
    }
    search.addEventListener('input', () => filter(true));
    tools.append(search);
    if (kinds.length > 1)
      for (const kind of kinds) {
        const chip = element('button', { type: 'button' }, kind);
        chip.setAttribute('aria-pressed', chosen.has(kind));
        chip.addEventListener('click', () => {
          if (!chosen.delete(kind)) chosen.add(kind);
          chip.setAttribute('aria-pressed', chosen.has(kind));
          filter(true);
        });
        tools.append(chip);
      }
    tools.append(sum);
    filter(false);
  }

  // On a leaderboard: tick two to four rows, then open the comparison with just those.
  function startPicking(table, tools) {
    const picked = new Set();
    const button = element('button', { type: 'button', hidden: true });
    const show = () => {
      button.hidden = picked.size < 2;
      button.textContent = `Compare ${picked.size} rows`;
    };
    button.addEventListener('click', () => { location.href = `${table.dataset.compare}?rows=${[...picked].map(encodeURIComponent).join(',')}`; });
    for (const row of table.tBodies[0].rows) {
      const box = element('input', { type: 'checkbox' });
      box.setAttribute('aria-label', `Compare ${row.cells[0].querySelector('a').textContent}`);
      box.addEventListener('change', () => {
        if (box.checked && picked.size === 4) { box.checked = false; say('At most four rows can be compared.'); return; }
        if (box.checked) picked.add(row.dataset.row); else picked.delete(row.dataset.row);
        show();
        say(`${picked.size} rows chosen.`);
      });
      row.cells[0].prepend(box, ' ');
    }
    tools.append(button);
  }

  function startComparison(table) {
    const rows = (state.get('rows') ?? '').split(',').filter(Boolean);
    const cells = [...table.querySelectorAll('[data-row]')];
    const known = new Set(cells.map(cell => cell.dataset.row));
    const wantedRows = new Set(rows.filter(row => known.has(row)));
    if (wantedRows.size === 0) return;
    for (const cell of cells) cell.hidden = !wantedRows.has(cell.dataset.row);
    const all = element('button', { type: 'button' }, `Show all ${known.size} rows`);
    const tools = element('div', { className: 'tools' }, all);
    all.addEventListener('click', () => { cells.forEach(cell => { cell.hidden = false; }); remember('rows', ''); tools.remove(); say('All rows shown.'); });
    table.closest('.scroll').before(tools);
  }

  document.addEventListener('DOMContentLoaded', () => {
    startTheme();
    for (const table of document.querySelectorAll('table[data-table]')) {
      if (table.tBodies[0].rows.length < 2) continue;
      const tools = element('div', { className: 'tools' });
      table.closest('.scroll').before(tools);
      if (table.tBodies[0].rows.length > 3) startFiltering(table, tools);
      if (table.dataset.compare) startPicking(table, tools);
      startSorting(table);
    }
    for (const table of document.querySelectorAll('table[data-columns]')) startComparison(table);
  });
}
