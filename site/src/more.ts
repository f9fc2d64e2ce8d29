// The rows of further pages come as scripts, because a page opened from file:// may load those, and nothing else.
type Receiver = (page: number, html: string) => void;
const waiting = new Map<string, Receiver>();

declare global {
  interface Window { harnessRows: (table: string, page: number, html: string) => void }
}

window.harnessRows = (table, page, html) => waiting.get(table)?.(page, html);

/** The rows of all further pages, in the order of the pages, whichever script comes first. */
export async function loadRows(table: string, sources: string[]): Promise<HTMLTableRowElement[]> {
  const pages = new Map<number, HTMLTableRowElement[]>();
  waiting.set(table, (page, html) => {
    const holder = document.createElement('template');
    holder.innerHTML = `<table><tbody>${html}</tbody></table>`;
    pages.set(page, [...holder.content.querySelectorAll<HTMLTableRowElement>('tr')]);
  });
  await Promise.all(sources.map(source => new Promise<void>((resolve, reject) => {
    const script = document.createElement('script');
    script.src = source;
    script.onload = () => { script.remove(); resolve(); };
    script.onerror = () => { script.remove(); reject(new Error(`The rows in ${source} could not be loaded.`)); };
    document.head.append(script);
  })));
  waiting.delete(table);
  return [...pages.entries()].sort(([one], [other]) => one - other).flatMap(([, rows]) => rows);
}
