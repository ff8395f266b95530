/** What the stories of the bank, the clinic and the launch have in common: what is done around a meeting. */

import assert from 'node:assert/strict';

import { part } from './call.mjs';
import { account, figure, fillIn, guestLink, signIn, submit } from './staff.mjs';
import { PATIENCE_MS, until } from './until.mjs';

const DAY_MS = 24 * 3_600_000;

/**
 * An admin adds a service in every branch.
 *
 * @param {import('./app.mjs').App} app
 * @param {import('./browser.mjs').Person} admin
 * @param {{ name: string, minutes: string, consent?: string }} typed
 */
export async function addService(app, admin, typed) {
  const { page } = admin;
  await signIn(admin, account(app, 'admin'));
  await page.goto('/admin/services');
  const branches = await page.locator('main form.form select[name=branch] option').evaluateAll((options) => options.map(({ value }) => value).filter(Boolean));
  for (const branch of branches) {
    await page.goto('/admin/services');
    await fillIn(page.locator('main form.form'), /** @type {any} */ ({ branch, ...typed }));
    await submit(page);
    await page.locator('main table a', { hasText: typed.name }).first().waitFor();
  }
}

/** On the consultation's page: somebody more, with a link of their own. @param {import('./browser.mjs').Person} clerk @param {string} name @param {string} email */
export async function addGuest({ page }, name, email) {
  await page.getByText('Add a guest', { exact: true }).click();
  await page.locator('[name=name]').fill(name);
  await page.locator('[name=email]').fill(email);
  await page.getByRole('button', { name: 'Add guest and make a link' }).click();
  await page.locator('[data-test=guest-link-field]').waitFor();
  return guestLink(page);
}

/** From the last screen to the appointment's page, and a tap there. @param {import('./browser.mjs').Person} guest @param {string} word */
export async function rate(guest, word) {
  await part(guest, 'after').click();
  await guest.page.getByRole('button', { name: word, exact: true }).click();
  await guest.page.getByRole('status').filter({ hasText: 'Thank you' }).waitFor();
}

/** @param {import('./browser.mjs').Person} clerk @param {string} id @param {string} text */
export async function noteOutcome({ page }, id, text) {
  await page.goto(`/consultations/${id}`);
  await page.locator('[name=outcome]').fill(text);
  await Promise.all([page.waitForEvent('framenavigated'), page.getByRole('button', { name: 'Save outcome' }).click()]);
  await page.waitForLoadState();
  assert.equal(await page.locator('[name=outcome]').inputValue(), text);
}

/** The events of a consultation in words, as its page tells them. @param {import('./browser.mjs').Person} clerk @param {string} id */
export async function history({ page }, id) {
  await page.goto(`/consultations/${id}`);
  return page.locator('main').innerText();
}

/**
 * The events of a consultation as they are exported, by the head of the column.
 *
 * @param {import('./browser.mjs').Person} clerk
 * @param {string} id
 * @returns {Promise<Record<string, string>[]>}
 */
export async function exported({ page }, id) {
  await page.goto(`/consultations/${id}`);
  const link = await page.getByRole('link', { name: 'All events as CSV' }).getAttribute('href');
  return table(await (await page.request.get(link ?? '')).text());
}

/** A CSV file as objects. @param {string} text @returns {Record<string, string>[]} */
export function table(text) {
  const rows = text
    .trim()
    .split(/\r?\n/)
    .map((line) => Array.from(line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g), ([, cell]) => cell.replace(/^"|"$/g, '').replaceAll('""', '"')));
  const [head, ...lines] = rows;
  return lines.map((cells) => Object.fromEntries(head.map((name, at) => [name, cells[at] ?? ''])));
}

/**
 * The admin's figures of these days, in a page that stays open.
 *
 * @param {import('./app.mjs').App} app
 * @param {import('./browser.mjs').Person} admin
 */
export async function figures(app, admin) {
  const { page } = admin;
  await signIn(admin, account(app, 'admin'));
  const day = (/** @type {number} */ days) => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);
  const url = `/dashboard?from=${day(-7)}&to=${day(2)}`;
  await page.goto(url);
  const kept = await figure(page, 'Kept');
  return {
    /** One more was kept, and the figure leads to it, to its events, and to its line in the file. */
    async haveCounted(/** @type {string} */ guest, /** @type {RegExp[]} */ told) {
      await until('the dashboard to count it', PATIENCE_MS, async () => (await figure(page, 'Kept')) === kept + 1);
      const csv = await (await page.request.get(`/dashboard/consultations.csv?q=${encodeURIComponent(guest)}`)).text();
      const line = table(csv).find(({ Guests }) => Guests === guest);
      assert.equal(line?.Outcome, 'kept', csv);
      await page.getByRole('link', { name: /^Kept: / }).first().click();
      await page.waitForURL(/\/consultations\?.*outcome=kept/);
      await page.locator('[name=q]').fill(guest);
      await page.locator('[name=q]').press('Enter');
      await page.locator('main table', { hasText: guest }).getByRole('link').first().waitFor();
      const row = page.locator('main table tbody tr').filter({ hasText: guest });
      await row.getByRole('link').first().click();
      await page.waitForURL(/\/consultations\/\d+$/);
      const text = await page.locator('main').innerText();
      for (const one of told) assert.match(text, one);
    },
  };
}
