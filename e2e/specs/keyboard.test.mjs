import assert from 'node:assert/strict';

import { inCall, isOver, joinAt, part, waitInLobby, waiting } from '../lib/call.mjs';
import { scenario } from '../lib/scenario.mjs';
import { account, at, fillIn, idIn, scheduleSoon } from '../lib/staff.mjs';
import { PATIENCE_MS, until } from '../lib/until.mjs';

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

/** @param {import('../lib/browser.mjs').Person} who @param {string} selector */
async function hasFocus({ page }, selector) {
  await until(`the focus on ${selector}`, PATIENCE_MS, () => page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector));
}

scenario('a host admits, removes and leaves with the keyboard alone, and the focus is never lost', async ({ app, enter }) => {
  const host = await enter('host');
  const { page } = host;
  const { id, link } = await scheduleSoon(app, host);
  await joinAt(host, `/consultations/${id}/room`);
  await inCall(host);
  await hasFocus(host, '#call-title');
  const guest = await enter('guest', { expected: [/status of 40[0-9]/] });
  await joinAt(guest, link);
  await waitInLobby(guest);
  await waiting(host, 'Ada Okafor').waitFor();

  await tabTo(page, '[data-test=admit]');
  await page.keyboard.press('Enter');
  await inCall(guest);
  await hasFocus(host, '#call-title');

  await page.keyboard.press('p');
  await hasFocus(host, '#side-title');
  await tabTo(page, '[data-test=remove]');
  await page.keyboard.press('Enter');
  await hasFocus(host, '[id^=keep-]');
  await page.keyboard.press('Enter');
  await hasFocus(host, '[data-test=remove]');
  await page.keyboard.press('Enter');
  await hasFocus(host, '[id^=keep-]');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await isOver(guest, 'removed');
  await hasFocus(host, '#side-title');
  await page.keyboard.press('Escape');
  await hasFocus(host, '#control-people-toggle');

  await tabTo(page, '[data-test=leave]');
  await page.keyboard.press('Enter');
  await isOver(host, 'left');
  await hasFocus(host, '.over h1');
});

scenario('single keys can be switched off, and stay off', async ({ app, enter }) => {
  const host = await enter('host');
  const { page } = host;
  const { id } = await scheduleSoon(app, host);
  await joinAt(host, `/consultations/${id}/room`);
  await inCall(host);
  await page.keyboard.press('?');
  await part(host, 'keys').uncheck();
  await page.keyboard.press('Escape');
  await part(host, 'panel').waitFor({ state: 'detached' });
  for (const when of ['now', 'after a reload']) {
    await page.keyboard.press('c');
    await page.keyboard.press('?');
    assert.equal(await part(host, 'panel').count(), 0, `no key does anything ${when}`);
    await page.reload();
    await inCall(host);
  }
  await part(host, 'help-toggle').click();
  await part(host, 'keys').check();
  await part(host, 'panel-close').click();
  await page.keyboard.press('c');
  await part(host, 'chat-input').waitFor();
});
