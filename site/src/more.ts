// The rows of further pages come as scripts, because a page opened from file:// may load those, and nothing else.
type Receiver = (html: string) => void;
const waiting = new Map<string, Receiver>();

declare global {
  interface Window { harnessRows: (table: string, page: number, html: string) => void }
}

window.harnessRows = (table, _page, html) => waiting.get(table)?.(html);

export async function loadRows(table: string, sources: string[]): Promise<HTMLTableRowElement[]> {
  const rows: HTMLTableRowElement[] = [];
  waiting.set(table, html => {
    const holder = document.createElement('template');
    holder.innerHTML = `<table><tbody>${html}</tbody></table>`;
    rows.push(...holder.content.querySelectorAll<HTMLTableRowElement>('tr'));
  });
  for (const source of sources)
    await new Promise<void>((resolve, reject) => {
      const script = document.createElement('script');
      script.src = source;
      script.onload = () => { script.remove(); resolve(); };
      script.onerror = () => { script.remove(); reject(new Error(`The rows in ${source} could not be loaded.`)); };
      document.head.append(script);
    });
  waiting.delete(table);
  return rows;
}
