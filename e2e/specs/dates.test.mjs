// Dates and times as we write them on both sides of a page, against those of the browser's own Intl.

import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';

import { started } from '../lib/disturb.mjs';
import { scenario } from '../lib/scenario.mjs';
import { at, fillIn, guestLink, scheduleSoon, submit } from '../lib/staff.mjs';

const ZONE = 'Europe/Zurich';
/** What a language of ours is to Intl: English is Britain's. */
const LOCALES = { en: 'en-GB' };

scenario('dates and times are written as Chromium writes them in all languages', async ({ app, enter, tell }) => {
  const clerk = await enter('clerk');
  await scheduleSoon(app, clerk);
  await clerk.page.goto('/consultations/new');
  await fillIn(clerk.page, { service: '*', guest_name: 'Mia Roth', guest_email: 'mia@example.org', guest_zone: 'Zurich', minutes: '30', ...at(new Date(Date.now() + 9 * 7 * 24 * 3_600_000)) });
  await submit(clerk.page);
  const link = await guestLink(clerk.page);
  const tags = (await readdir(new URL('../../locales', import.meta.url))).filter((name) => !name.includes('.'));
  assert.ok(tags.length >= 12, tags.join());
  for (const tag of tags) {
    const guest = await enter(`guest-${tag}`, { language: tag });
    await guest.page.goto(link);
    // Where a text were another one in the browser, the page would be built anew or change.
    const before = await guest.page.locator('main').innerText();
    assert.equal(await started(guest.page), 'taken-over', tag);
    const plain = (/** @type {string} */ text) => text.replace(/[\s\u200e\u200f]+/g, ' ').trim();
    assert.equal(await guest.page.evaluate(() => document.documentElement.lang), tag);
    const range = guest.page.locator('.when .time-range').first();
    const [date, from, instant] = await Promise.all([range.locator('.time-range__date').innerText(), range.locator('time').first().innerText(), range.locator('time').first().getAttribute('datetime')]);
    const theirs = await guest.page.evaluate(
      ([locale, timeZone, instant]) => {
        const format = (/** @type {Intl.DateTimeFormatOptions} */ options) => new Intl.DateTimeFormat(locale, { timeZone, calendar: 'gregory', numberingSystem: 'latn', ...options }).format(new Date(instant));
        return [format({ dateStyle: 'full' }), format({ timeStyle: 'short' })];
      },
      [LOCALES[tag] ?? tag, ZONE, instant ?? ''],
    );
    const ours = [plain(date), plain(from)];
    const expected = theirs.map(plain);
    // English without a comma behind the weekday, as British public services write it.
    if (tag === 'en') expected[0] = expected[0].replace(',', '');
    assert.deepEqual(ours, expected, tag);
    tell(`${tag}: ${ours.join(' · ')}`);
    assert.equal(plain((await guest.page.locator('main').innerText()).replace(/\d/g, '')), plain(before.replace(/\d/g, '')), `${tag}: nothing flickers`);
    await guest.page.close();
  }
});
