import type { ChatSdk, Loader, Sdk } from './parts';

interface Chunk {
  name: string;
  bytes: number;
}
declare const __SDK__: Chunk;
declare const __CHAT__: Chunk;

/**
 * Fetches a chunk for its progress alone. The import that follows finds it in the browser's cache: its name changes with
 * its content, and it is served as never changing. Whether it can be had at all is the import's to say.
 */
async function fetchWithProgress(url: URL, bytes: number, progress: (share: number) => void): Promise<void> {
  const response = await fetch(url, { credentials: 'same-origin' });
  const reader = response.body?.getReader();
  if (!response.ok || !reader) return;
  let here = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    here += value.length;
    progress(Math.min(1, here / bytes));
  }
}

const beside = (chunk: Chunk) => new URL(chunk.name, import.meta.url);

/**
 * Imports of modules that can fail and be tried again: a browser may remember that an address failed and answer so
 * without asking, so that each new try goes by another one.
 */
export function importer(load: (address: string) => Promise<unknown>): (url: URL) => Promise<unknown> {
  const failures = new Map<string, number>();
  return async (url) => {
    const failed = failures.get(url.href) ?? 0;
    const address = new URL(url);
    if (failed > 0) address.searchParams.set('retry', String(failed));
    try {
      return await load(address.href);
    } catch (error) {
      failures.set(url.href, failed + 1);
      throw error;
    }
  };
}

const fetched = importer((address) => import(address));

export const loader: Loader = {
  async sdk(progress) {
    const url = beside(__SDK__);
    await fetchWithProgress(url, __SDK__.bytes, progress).catch(() => undefined);
    const module = (await fetched(url)) as { sdk: Sdk };
    return module.sdk;
  },
  async chat() {
    const module = (await fetched(beside(__CHAT__))) as { chatSdk: ChatSdk };
    return module.chatSdk;
  },
};
