// Every page in two languages that nobody speaks: what does not come from the catalogue stands out, and what has no room for
// longer words, or for the other direction, shows it.

import assert from 'node:assert/strict';

import { shoot } from '../lib/shots.mjs';
import { TEAMS, everyPage } from '../lib/pages.mjs';
import { scenario } from '../lib/scenario.mjs';
import { clipped, knownWords, unlocalised } from '../lib/unlocalised.mjs';

const PAGES_LIMIT_MS = 1_500_000;

for (const [tag, what] of [
  ['en-XA', 'longer by two fifths'],
  ['ar-XB', 'from right to left'],
]) {
  scenario(`every page has all its words from the catalogue and room for them, ${what}`, async ({ app, enter }) => {
    const known = await knownWords();
    /** @type {string[]} */
    const troubles = [];
    let last = 'the start';
    try {
      for await (const { name, page } of everyPage(app, (who, options) => enter(who, { ...options, language: tag }))) {
        last = name;
        const [lang, dir] = await page.evaluate(() => [document.documentElement.lang, document.documentElement.dir]);
        if (lang !== tag || dir !== (tag === 'ar-XB' ? 'rtl' : 'ltr')) troubles.push(`${name}: is said to be ${lang}, ${dir}`);
        for (const text of await unlocalised(page, known)) troubles.push(`${name}: “${text}” is not in the catalogue`);
        troubles.push(...(await shoot(page, `${tag}-${name}`, async (colorScheme) => (colorScheme === 'light' ? clipped(page) : []), ['light'])));
      }
    } catch (error) {
      troubles.push(`After ${last}: ${error.message}`);
    }
    assert.equal(troubles.join('\n'), '');
  }, { env: TEAMS, limit: PAGES_LIMIT_MS });
}
