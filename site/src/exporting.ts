import { button, say } from './dom';
import type { DataTable } from './table';
import { cellAt, textOf } from './values';

type Format = { name: string; ending: string; type: string; write: (head: string[], rows: string[][]) => string; exact: boolean };

const csvField = (text: string): string => /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
const markdownField = (text: string): string => text.replace(/([\\`*_[\]<>|#])/g, '\\$1');
const latexField = (text: string): string => text.replace(/[\\{}&%$#_~^<>±µ−]/g, character => latexEscapes[character] ?? `\\${character}`);
const latexEscapes: Record<string, string> = {
  '\\': '\\textbackslash{}', '~': '\\textasciitilde{}', '^': '\\textasciicircum{}', '<': '$<$', '>': '$>$', '±': '$\\pm$', 'µ': '$\\mu$', '−': '$-$',
};

const formats: Format[] = [
  { name: 'CSV', ending: 'csv', type: 'text/csv', exact: true, write: (head, rows) => [head, ...rows].map(row => `${row.map(csvField).join(',')}\r\n`).join('') },
  {
    name: 'JSON', ending: 'json', type: 'application/json', exact: true,
    write: (head, rows) => JSON.stringify(rows.map(row => Object.fromEntries(row.map((cell, index) => [head[index], cell]))), null, 1),
  },
  {
    name: 'Markdown', ending: 'md', type: 'text/markdown', exact: false,
    write: (head, rows) => [head, head.map(() => '---'), ...rows].map((row, index) => `| ${row.map(index === 1 ? String : markdownField).join(' | ')} |\n`).join(''),
  },
  {
    name: 'LaTeX', ending: 'tex', type: 'application/x-tex', exact: false,
    write: (head, rows) => {
      const line = (row: string[]): string => `${row.map(latexField).join(' & ')} \\\\\n`;
      return `% needs \\usepackage{booktabs}\n\\begin{tabular}{l${'r'.repeat(head.length - 1)}}\n\\toprule\n${line(head)}\\midrule\n${rows.map(line).join('')}\\bottomrule\n\\end{tabular}\n`;
    },
  },
];

/** Buttons that download what the table shows: its rows, its order, its columns. */
export function exports(table: DataTable): HTMLButtonElement[] {
  return formats.map(format => button(`This view as ${format.name}`, () => void table.complete().then(() => {
    const columns = table.visibleColumns();
    const head = columns.map(({ head: cell }) => headText(cell, format.exact));
    const rows = table.shown.map(row => columns.map(({ index }) => textOf(cellAt(row, index) ?? spanning(row, index), format.exact)));
    download(format.write(head, rows), `${table.table.id}.${format.ending}`, format.type);
    say(`${rows.length} rows as ${format.name}.`);
  })));
}

function headText(cell: HTMLTableCellElement, exact: boolean): string {
  const key = cell.dataset['key'] ?? '';
  return exact && key ? key : textOf(cell, false);
}

/** A failure spans the columns of the numbers it has not; it is said once, under the first of them. */
function spanning(row: HTMLTableRowElement, index: number): HTMLTableCellElement | null {
  let at = 0;
  for (const cell of row.cells) {
    if (at === index) return cell;
    at += cell.colSpan;
  }
  return null;
}

export function download(text: string, name: string, type: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
