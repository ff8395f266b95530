import assert from 'node:assert/strict';

import { scenario } from '../lib/scenario.mjs';
import { account, at, fillIn, idIn } from '../lib/staff.mjs';

/** More stops than any form of ours has. */
const STOPS = 80;

/**
 * Presses Tab until the focus is where it should be; what it stands on must always be seen.
 *
 * @param {import('playwright-core').Page} page
 * @param {string} selector
 */
async function tabTo(page, selector) {
  for (let stop = 0; stop < STOPS; stop += 1) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate((wanted) => {
      const element = document.activeElement;
      const box = element?.getBoundingClientRect();
      return { there: element?.matches(wanted) ?? false, name: element?.outerHTML.slice(0, 80), seen: !box || (box.width > 0 && box.height > 0) };
    }, selector);
    assert.ok(at.seen, `the focus is on something that is not to be seen: ${at.name}`);
    if (at.there) return;
  }
  assert.fail(`${selector} can't be reached with Tab`);
}

scenario('a clerk signs in and schedules with the keyboard alone', async ({ app, enter }) => {
  const clerk = await enter('clerk');
  const { page } = clerk;
  const { email, password } = account(app, 'clerk');
  await page.goto('/sign-in');
  await tabTo(page, '[name=email]');
  await page.keyboard.type(email);
  await tabTo(page, '[name=password]');
  await page.keyboard.type(password);
  await Promise.all([page.waitForURL((url) => url.pathname === '/'), page.keyboard.press('Enter')]);

  await tabTo(page, 'a[href="/consultations/new"]');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/consultations/new');
  await page.locator('[name=service]').waitFor();
  await tabTo(page, '[name=service]');
  await page.keyboard.press('ArrowDown');
  await tabTo(page, '[name=guest_name]');
  await page.keyboard.type('Kim Lind');
  await tabTo(page, '[name=guest_email]');
  await page.keyboard.type('kim.lind@example.org');
  // Pickers of date and time are the browser's own.
  await fillIn(page, at(new Date(Date.now() + 8 * 7 * 24 * 3_600_000)));
  await page.locator('[name=notes]').focus();
  await tabTo(page, 'button[type=submit]');
  await Promise.all([page.waitForURL((url) => idIn(url.href) !== undefined), page.keyboard.press('Enter')]);
  assert.match(await page.locator('main').innerText(), /Kim Lind/);
});

scenario('the first stop of every staff page leads past the navigation', async ({ app, enter }) => {
  const clerk = await enter('clerk');
  const { page } = clerk;
  await page.goto('/sign-in');
  await page.locator('[name=email]').fill(account(app, 'clerk').email);
  await page.locator('[name=password]').fill(account(app, 'clerk').password);
  await Promise.all([page.waitForURL((url) => url.pathname === '/'), page.keyboard.press('Enter')]);
  for (const path of ['/', '/consultations', '/consultations/new', '/account']) {
    await page.goto(path);
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('href')), '#content', path);
    await page.keyboard.press('Enter');
    assert.ok(await page.locator('#content').count(), `${path} has the content that the link leads to`);
  }
});
