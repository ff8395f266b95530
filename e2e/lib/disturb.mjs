/** What browsers, extensions and translators do to a page before its scripts have started. */

/** @typedef {import('playwright-core').Page} Page */

/**
 * Each is run in the page. All but the last change how it is built up.
 *
 * @type {Record<string, () => void>}
 */
export const DISTURBANCES = {
  'a box behind every field': () => {
    for (const field of document.querySelectorAll('#app :is(input, textarea, select)')) field.after(document.createElement('div'));
  },
  'a field of its own in front of every field': () => {
    for (const field of document.querySelectorAll('#app :is(input, textarea, select)')) field.before(document.createElement('input'));
  },
  'an element first in the application, in its frame and in main': () => {
    for (const place of document.querySelectorAll('#app, #app > *, main, main > *')) place.prepend(document.createElement('aside'));
  },
  'every word wrapped': () => {
    for (const text of textsOf('#app')) {
      const font = document.createElement('font');
      text.replaceWith(font);
      font.append(Object.assign(document.createElement('font'), { textContent: text.data }));
    }
  },
  'every comment gone': () => {
    const comments = document.createTreeWalker(document.querySelector('#app') ?? document.body, NodeFilter.SHOW_COMMENT);
    const found = [];
    while (comments.nextNode()) found.push(comments.currentNode);
    for (const comment of found) /** @type {Comment} */ (comment).remove();
    document.body.normalize();
  },
  'digits made links': () => {
    for (const text of textsOf('main')) {
      if (!/\d/.test(text.data)) continue;
      const link = Object.assign(document.createElement('a'), { href: 'tel:1', textContent: text.data });
      text.replaceWith(link);
    }
  },
  'every button moved into another element': () => {
    for (const button of document.querySelectorAll('#app button, #app a')) {
      const wrapper = document.createElement('span');
      button.replaceWith(wrapper);
      wrapper.append(button);
    }
  },
};

/** These leave the page as it was built up, and nothing has to be built anew. @type {Record<string, () => void>} */
export const HARMLESS = {
  'first and last in the body': () => {
    document.body.prepend(document.createElement('div'));
    document.body.append(document.createElement('dialog'));
  },
  'every word split': () => {
    for (const text of textsOf('#app')) if (text.length > 1) text.splitText(1);
  },
  'attributes, and something in the head': () => {
    for (const element of document.querySelectorAll('#app *')) element.setAttribute('data-seen', '1');
    document.head.append(document.createElement('meta'));
  },
};

/** To be run before the page is there: puts a box behind every field as soon as it appears, and goes on doing so. */
export function passwordManager() {
  const seen = new WeakSet();
  const look = () => {
    for (const field of document.querySelectorAll('#app :is(input, textarea, select)')) {
      if (!seen.has(field)) field.after(document.createElement('div'));
      seen.add(field);
    }
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true });
}

/** To be run in the page first: what the disturbances share. */
export function tools() {
  Object.assign(globalThis, {
    textsOf(/** @type {string} */ place) {
      const texts = document.createTreeWalker(document.querySelector(place) ?? document.body, NodeFilter.SHOW_TEXT);
      const found = [];
      while (texts.nextNode()) {
        const text = /** @type {Text} */ (texts.currentNode);
        if (text.data.trim() && !text.parentElement?.closest('script, style, noscript, textarea, option')) found.push(text);
      }
      return found;
    },
  });
}

/**
 * Opens a page, does something to it before it starts, and lets it start.
 *
 * @param {import('./browser.mjs').Person} who
 * @param {string} path
 * @param {(page: Page) => Promise<unknown>} before
 * @returns {Promise<string | null>} how it started
 */
export async function openDisturbed({ page, context }, path, before) {
  /** @type {(value: unknown) => void} */
  let let_go = () => {};
  const gate = new Promise((resolve) => (let_go = resolve));
  await context.route(/\/pkg\/start-/, async (route) => {
    await gate;
    await route.continue();
  });
  await page.goto(path, { waitUntil: 'domcontentloaded' });
  await page.evaluate(tools);
  await before(page);
  let_go(undefined);
  const how = await started(page);
  await context.unroute(/\/pkg\/start-/);
  return how;
}

/** How the page started, once it has. @param {Page} page */
export async function started(page) {
  await page.locator('html[data-start]:not([data-start=slow])').waitFor({ state: 'attached' });
  return page.locator('html').getAttribute('data-start');
}
