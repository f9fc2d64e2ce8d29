// The address holds the view. Browsers that refuse to rewrite it for file:// fall back to the page's own memory.
const address = new URL(location.href);

function refused(error: unknown): void {
  if (!(error instanceof DOMException) || error.name !== 'SecurityError') throw error;
}

export function read(name: string): string | null {
  return address.searchParams.get(name);
}

export function readList(name: string): string[] {
  return (read(name) ?? '').split(',').filter(Boolean).map(part => part.replaceAll('%2C', ','));
}

export function write(name: string, value: string | null | undefined): void {
  if (value) address.searchParams.set(name, value);
  else address.searchParams.delete(name);
  address.hash = location.hash;
  try {
    history.replaceState(null, '', readable());
  } catch (error) {
    refused(error);
  }
}

export function writeList(name: string, values: Iterable<string>): void {
  write(name, [...values].map(value => value.replaceAll(',', '%2C')).join(','));
}

/** The address of this view, for people: commas and the like are left as they are. */
export function readable(): string {
  return address.href.replaceAll('%2C', ',').replaceAll('%40', '@').replaceAll('%2F', '/');
}

export const memory = {
  get(name: string): string | null {
    try {
      return localStorage.getItem(name);
    } catch (error) {
      refused(error);
      return null;
    }
  },
  set(name: string, value: string): void {
    try {
      localStorage.setItem(name, value);
    } catch (error) {
      refused(error);
    }
  },
};
