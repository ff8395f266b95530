import assert from 'node:assert/strict';

import { started } from '../lib/disturb.mjs';
import { scenario } from '../lib/scenario.mjs';
import { account, fillIn, guestLink, scheduleSoon, signIn, submit } from '../lib/staff.mjs';
import { PATIENCE_MS, until } from '../lib/until.mjs';

/**
 * Counts the page's sockets, and can make the line fall silent without closing it, as a network does that goes away.
 * While `hurry` is set, the page's timers run as many times faster.
 */
function watchSockets() {
  const watch = { sockets: [], silent: false, hurry: 1 };
  window.watch = watch;
  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    constructor(...args) {
      super(...args);
      watch.sockets.push(this);
      this.addEventListener('message', (event) => watch.silent && event.stopImmediatePropagation());
    }
  };
  const now = Date.now.bind(Date);
  let [ahead, last] = [0, now()];
  Date.now = () => {
    const real = now();
    ahead += (real - last) * (watch.hurry - 1);
    last = real;
    return real + ahead;
  };
}

const open = (page) => page.evaluate(() => window.watch.sockets.filter((socket) => socket.readyState <= 1).length);

scenario('a page of staff has one feed, however often it is left for another', async ({ app, enter }) => {
  const clerk = await enter('clerk');
  const { page } = clerk;
  await page.addInitScript(watchSockets);
  await signIn(clerk, account(app, 'clerk'));
  await until('the first feed', PATIENCE_MS, async () => (await open(page)) === 1);
  // A load would begin a new count.
  await page.evaluate(() => (window.watch.same = true));
  const links = page.locator('.staff-header__nav .nav-link');
  for (let n = 0; n < 20; n += 1) {
    const link = links.filter({ hasText: n % 2 ? 'Today' : 'Consultations' }).first();
    await link.click();
    await page.locator('h1', { hasText: n % 2 ? 'Today' : 'Consultations' }).waitFor();
  }
  assert.equal(await page.evaluate(() => window.watch.same), true, 'it was one load');
  await until('one open socket', PATIENCE_MS, async () => (await open(page)) === 1);
});

scenario('a page that hears nothing says since when, and finds back', async ({ app, enter }) => {
  const clerk = await enter('clerk');
  const { page } = clerk;
  await page.addInitScript(watchSockets);
  await signIn(clerk, account(app, 'clerk'));
  await until('the feed', PATIENCE_MS, async () => (await open(page)) === 1);
  await page.evaluate(() => Object.assign(window.watch, { silent: true, hurry: 30 }));
  const told = page.locator('[data-test=not-live]');
  await told.filter({ hasText: /Offline since \d\d:\d\d/ }).waitFor();
  await page.evaluate(() => Object.assign(window.watch, { silent: false, hurry: 1 }));
  await until('the page to be live', PATIENCE_MS, async () => (await told.innerText()) === '');
  assert.equal(await open(page), 1);
});

scenario('a link is made once, stays while the page follows what happens, and has the keyboard', async ({ app, enter }) => {
  const clerk = await enter('clerk');
  const { page } = clerk;
  const { id } = await scheduleSoon(app, clerk);
  // Made when it was scheduled, it has one button: its own.
  await page.locator('[data-test=guest-link-field] button').waitFor();
  assert.equal(await page.locator('[data-test=copy-link]').count(), 0);
  await page.goto('/');
  const row = page.locator(`[data-consultation="${id}"]`);
  const made = () => page.evaluate(async (id) => (await (await fetch(`/consultations/${id}/events.csv`)).text()).match(/,invited,/g)?.length, id);
  const before = await made();
  await started(page);
  await row.locator('[data-test=copy-link]').dblclick();
  const field = row.locator('[data-test=guest-link-field] input');
  await until('the keyboard to be at the link', PATIENCE_MS, () => field.evaluate((/** @type {HTMLElement} */ input) => document.activeElement === input));
  assert.equal(await made(), (before ?? 0) + 1);
  await row.locator('[data-test=copy-link]').waitFor({ state: 'detached' });
  // The page was read anew for the link itself, and is so for what a colleague changes.
  const link = await field.inputValue();
  const join = row.locator('[data-test=join]');
  await join.focus();
  const colleague = await enter('colleague');
  await signIn(colleague, account(app, 'admin'));
  await colleague.page.goto(`/consultations/${id}/edit`);
  const time = () => row.locator('.time-range__clock').innerText();
  const agreed = await time();
  await fillIn(colleague.page, { minutes: '10' });
  await submit(colleague.page);
  await until('the page to show the change', PATIENCE_MS, async () => (await time()) !== agreed);
  assert.equal(await field.inputValue(), link);
  await until('the keyboard to be where it was', PATIENCE_MS, () => join.evaluate((/** @type {HTMLElement} */ join) => document.activeElement === join));
});

scenario('what a clerk types stays while the consultation changes, and when the session has ended', async ({ app, enter }) => {
  const clerk = await enter('clerk', { expected: [/status of 401/, /WebSocket connection/] });
  const { page } = clerk;
  const { id } = await scheduleSoon(app, clerk);
  const colleague = await enter('colleague');
  await signIn(colleague, account(app, 'admin'));
  await page.getByText('Note the outcome…').click();
  await fillIn(page, { outcome: 'Will think it over' });
  await colleague.page.goto(`/consultations/${id}`);
  await guestLink(colleague.page);
  await page.locator('[data-test=show-changes]').waitFor();
  assert.equal(await page.locator('[name=outcome]').inputValue(), 'Will think it over');

  const second = await clerk.context.newPage();
  await second.goto('/account');
  await second.locator('form[action="/sign-out"] button').first().evaluate((button) => button.form.submit());
  await second.waitForURL(/\/sign-in/);
  await second.close();
  await page.locator('main form[action$="/outcome"] button[type=submit]').click();
  await page.locator('main', { hasText: 'You are not signed in any more' }).waitFor();
  const { email, password } = account(app, 'admin');
  await fillIn(page, { email, password });
  await page.locator('main form.form button[type=submit]').click();
  await page.locator('[name=outcome]').waitFor();
  assert.equal(await page.locator('[name=outcome]').inputValue(), 'Will think it over');
  assert.equal(new URL(page.url()).pathname, `/consultations/${id}`);
});
