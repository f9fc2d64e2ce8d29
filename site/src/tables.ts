import { DataTable } from './table';

export function startTables(): void {
  const tables = [...document.querySelectorAll<HTMLTableElement>('table[data-table]')].filter(table => (table.tBodies[0]?.rows.length ?? 0) > 1);
  // The first table of a page has the short names in the address; it is what people send each other.
  tables.forEach((table, index) => new DataTable(table, index === 0 ? '' : `${table.id}.`));
}
