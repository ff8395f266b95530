import { readFile, readdir } from 'node:fs/promises';

const PROJECT = new URL('../../', import.meta.url);
/** Where what people type, and what the demonstration is made of, is written down: it is in no language of ours. */
const DATA = ['server/src/demo', 'e2e/lib/pages.mjs', 'e2e/lib/staff.mjs', 'e2e/lib/demo.mjs', 'e2e/lib/unlocalised.mjs'];
/** Names of things that are called so everywhere. */
const NAMES = ['Anteroom', 'Microsoft', 'Teams', 'Entra', 'Azure', 'Communication', 'Services', 'Graph', 'Chrome', 'Linux', 'Firefox', 'HeadlessChrome', 'Hazelbrook', 'Bank', 'Fake', 'Default', 'Audio', 'Input', 'Output', 'English', 'UTC', 'USD', 'https', 'http', 'example', 'Account'];

/** @returns {Promise<Set<string>>} words that may stand on a page of a made-up language as they are */
export async function knownWords() {
  const words = new Set(NAMES);
  const add = (/** @type {string} */ text) => {
    for (const [word] of text.matchAll(/[A-Za-z]+/g)) words.add(word);
  };
  for (const place of DATA) {
    const files = place.endsWith('.mjs') ? [place] : (await readdir(new URL(place, PROJECT))).map((name) => `${place}/${name}`);
    for (const file of files) {
      // A quote of one kind may stand between two of another.
      const quoted = file.endsWith('.rs') ? /"((?:[^"\\]|\\.)*)"/g : /'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\\n]|\\.)*)`/g;
      for (const [, one, other] of (await readFile(new URL(file, PROJECT), 'utf8')).replaceAll(/^\s*\/\/.*|'\\?"'/gm, '').matchAll(quoted)) add(one ?? other);
    }
  }
  for (const tag of await readdir(new URL('locales', PROJECT))) {
    if (tag.includes('.')) continue;
    add(JSON.parse(await readFile(new URL(`locales/${tag}/language.json`, PROJECT), 'utf8')).name);
  }
  const { time } = JSON.parse(await readFile(new URL('locales/en/language.json', PROJECT), 'utf8'));
  add(JSON.stringify(time));
  for (const zone of Intl.supportedValuesOf('timeZone')) add(zone);
  return words;
}

/**
 * English that is seen or read out on a page of a made-up language: it does not come from the catalogue.
 *
 * @param {import('playwright-core').Page} page
 * @param {Set<string>} known
 * @returns {Promise<string[]>}
 */
export async function unlocalised(page, known) {
  const texts = await page.evaluate(() => {
    const READ = ['aria-label', 'title', 'placeholder', 'alt', 'aria-description'];
    const found = [document.title];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node instanceof Element) {
        for (const name of READ) found.push(node.getAttribute(name) ?? '');
        continue;
      }
      if (!node.parentElement?.closest('script, style, noscript, textarea, code, [lang]:not(html)')) found.push(node.textContent ?? '');
    }
    return found;
  });
  // Between the marks of a made-up language nothing is plain: what was put into a sentence is data.
  return [...new Set(texts.map((text) => text.trim()))].filter((text) =>
    [...text.replace(/\u202e[^\u202c]*\u202c/g, ' ').matchAll(/(?<![\p{L}\u202e@.])[A-Za-z]{3,}(?![\p{L}@])/gu)].some(([word]) => !known.has(word)),
  );
}

/**
 * What is wider than the place that it has, and is cut off by it.
 *
 * @param {import('playwright-core').Page} page
 * @returns {Promise<string[]>}
 */
export const clipped = (page) =>
  page.evaluate(() => {
    const isCut = (/** @type {Element} */ element) => {
      const { overflowX, textOverflow } = getComputedStyle(element);
      return /hidden|clip/.test(overflowX) && textOverflow !== 'ellipsis' && element.clientWidth + 1 < element.scrollWidth;
    };
    return [...document.body.querySelectorAll('*')]
      .filter((element) => element.checkVisibility() && !element.closest('.visually-hidden, svg, video, canvas, input, textarea') && element.clientWidth > 1 && isCut(element))
      .map((element) => `${element.localName}.${[...element.classList].join('.')} cuts off “${element.textContent?.trim().slice(0, 60)}”`);
  });
