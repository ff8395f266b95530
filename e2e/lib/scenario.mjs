import { test } from 'node:test';

import { startApp, tail } from './app.mjs';
import { assertQuiet, person } from './browser.mjs';
import { sendHome, sharedBrowser } from './shared-browser.mjs';

/** A call with three browsers on two busy cores; a hang must not take the whole run with it. */
const LIMIT_MS = 420_000;

/** @typedef {NonNullable<Parameters<typeof person>[2]> & { make?: import('./browser.mjs').Make }} EnterOptions */

/**
 * What a test is given.
 *
 * @typedef {object} Stage
 * @property {import('./app.mjs').App} app
 * @property {(name: string, options?: EnterOptions) => Promise<import('./browser.mjs').Person>} enter
 *   somebody opens a browser
 * @property {(sentence: string) => void} tell prints a figure or a remark with the test
 */

/**
 * A test with a server of its own. Whatever happens, everything is taken down; it fails if a script of
 * ours failed in any browser, or if the server did not stop well. On failure it leaves a picture of every browser in
 * `e2e/out` and prints the server's last lines.
 *
 * @param {string} name
 * @param {(stage: Stage) => Promise<void>} play
 * @param {Parameters<typeof startApp>[0] & { flags?: string[], limit?: number }} [options] `limit` in ms, where many pages take
 *   their time
 */
export function scenario(name, play, options = {}) {
  const { flags, limit = LIMIT_MS, ...appOptions } = options;
  test(name, { timeout: limit }, async (t) => {
    const app = await startApp(appOptions);
    /** @type {import('./browser.mjs').Person[]} */
    const people = [];
    try {
      const enter = async (/** @type {string} */ who, /** @type {EnterOptions} */ more = {}) => {
        const entered = await person(await sharedBrowser({ flags, ...more }), who, { url: app.url, ...more });
        people.push(entered);
        return entered;
      };
      await play({ app, enter, tell: (sentence) => t.diagnostic(sentence) });
      people.forEach(assertQuiet);
    } catch (error) {
      await keepEvidence(name, people, t);
      t.diagnostic(`The server's last lines:\n${tail(app.output())}`);
      throw error;
    } finally {
      await sendHome(people);
      await app.stop();
    }
  });
}

/**
 * @param {string} name
 * @param {import('./browser.mjs').Person[]} people
 * @param {import('node:test').TestContext} t
 */
async function keepEvidence(name, people, t) {
  const slug = name.toLowerCase().replace(/[^a-z0-9]+/g, '-').slice(0, 60);
  for (const who of people) {
    for (const trouble of who.troubles) t.diagnostic(`${who.name}: ${trouble}`);
    const file = `failed-${slug}-${who.name}.png`;
    try {
      await who.keepPicture(file);
      t.diagnostic(`e2e/out/${file} shows what ${who.name} saw at ${pathOf(who.page.url())}`);
    } catch (error) {
      t.diagnostic(`No picture of ${who.name}: ${error.message}`);
    }
  }
}

/** Without what is secret in it. @param {string} url */
function pathOf(url) {
  return URL.canParse(url) ? new URL(url).pathname.replace(/^\/j\/[^/]+/, '/j/…') : url;
}
