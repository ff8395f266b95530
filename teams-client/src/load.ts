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

export const loader: Loader = {
  async sdk(progress) {
    const url = beside(__SDK__);
    await fetchWithProgress(url, __SDK__.bytes, progress).catch(() => undefined);
    const module = (await import(url.href)) as { sdk: Sdk };
    return module.sdk;
  },
  async chat() {
    const module = (await import(beside(__CHAT__).href)) as { chatSdk: ChatSdk };
    return module.chatSdk;
  },
};
