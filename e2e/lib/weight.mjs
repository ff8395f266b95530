import { until } from './until.mjs';

/** What must be there before a guest can read and act. */
export const FIRST_BYTES = 60_000;
/** How long nothing may happen before a page counts as loaded, wasm included. */
const QUIET_MS = 500;
const LOAD_MS = 20_000;

/**
 * Bytes over the wire, headers included, by kind.
 *
 * @typedef {Record<'html' | 'css' | 'image' | 'font' | 'script' | 'wasm' | 'other', number>} Weight
 */

/**
 * Loads the page with an empty cache and weighs it.
 *
 * @param {import('playwright-core').BrowserContext} context
 * @param {string} url
 * @returns {Promise<Weight>}
 */
export async function weigh(context, url) {
  const page = await context.newPage();
  try {
    const session = await context.newCDPSession(page);
    await session.send('Network.enable');
    await session.send('Network.setCacheDisabled', { cacheDisabled: true });
    /** @type {Map<string, keyof Weight>} */
    const kinds = new Map();
    const weight = emptyWeight();
    let last = performance.now();
    let open = 0;
    session.on('Network.requestWillBeSent', () => {
      open += 1;
      last = performance.now();
    });
    session.on('Network.responseReceived', ({ requestId, type, response }) => kinds.set(requestId, kindOf(type, response.mimeType)));
    session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      weight[kinds.get(requestId) ?? 'other'] += encodedDataLength;
      open -= 1;
      last = performance.now();
    });
    session.on('Network.loadingFailed', () => {
      open -= 1;
      last = performance.now();
    });
    await page.goto(url);
    await until('the page to come to rest', LOAD_MS, () => open <= 0 && performance.now() - last > QUIET_MS);
    return weight;
  } finally {
    await page.close();
  }
}

/** Without what only makes the page quicker to use. @param {Weight} weight */
export function firstBytes({ script, wasm, ...rest }) {
  return Object.values(rest).reduce((sum, bytes) => sum + bytes, 0);
}

/**
 * @param {[string, Weight][]} rows
 * @returns {string}
 */
export function table(rows) {
  const kinds = /** @type {(keyof Weight)[]} */ (Object.keys(emptyWeight()));
  const widest = Math.max(...rows.map(([name]) => name.length), 4);
  const line = (/** @type {string} */ name, /** @type {(string | number)[]} */ cells) =>
    [name.padEnd(widest), ...cells.map((cell) => String(cell).padStart(9))].join('');
  const sum = (/** @type {Weight} */ weight) => Object.values(weight).reduce((total, bytes) => total + bytes, 0);
  return [
    line('page', [...kinds, 'first', 'all']),
    ...rows.map(([name, weight]) => line(name, [...kinds.map((kind) => weight[kind]), firstBytes(weight), sum(weight)])),
  ].join('\n');
}

/** @returns {Weight} */
function emptyWeight() {
  return { html: 0, css: 0, image: 0, font: 0, script: 0, wasm: 0, other: 0 };
}

/** @param {string} type of the request @param {string} mime @returns {keyof Weight} */
function kindOf(type, mime) {
  if (mime === 'application/wasm') return 'wasm';
  if (mime === 'text/html') return 'html';
  if (mime === 'text/css') return 'css';
  if (mime.includes('javascript')) return 'script';
  if (mime.startsWith('image/')) return 'image';
  if (type === 'Font') return 'font';
  return 'other';
}
