// A page starts whatever a browser, an extension or a translator did to it before, and says so where it can't.

import assert from 'node:assert/strict';

import { assertAccessible } from '../lib/axe.mjs';
import { admit, inCall, joinAt, part, waitInLobby, waiting } from '../lib/call.mjs';
import { DISTURBANCES, HARMLESS, openDisturbed, passwordManager, started, tools } from '../lib/disturb.mjs';
import { seesAndHears } from '../lib/media.mjs';
import { scenario } from '../lib/scenario.mjs';
import { account, at, errorAt, fillIn, guestLink, idIn, scheduleSoon, signIn, submit } from '../lib/staff.mjs';
import { PATIENCE_MS, until } from '../lib/until.mjs';

const GUEST = 'Ada Okafor';

/** What is to be read on it, without what passes: numbers, the state of devices, and what the browser allows. @param {import('../lib/browser.mjs').Person} who */
const text = ({ page }) =>
  page.evaluate(() => {
    const app = /** @type {HTMLElement} */ (document.querySelector('#app')?.cloneNode(true));
    for (const passing of app.querySelectorAll('[data-test=device-check], [data-test=prejoin], .alerts, script, style')) passing.remove();
    return app.textContent?.replace(/\d+/g, '0').replace(/\s+/g, '');
  });

/** All disturbances one after the other. @param {import('playwright-core').Page} page */
async function disturb(page) {
  for (const disturbance of Object.values(DISTURBANCES)) await page.evaluate(disturbance);
}

/** @param {import('../lib/browser.mjs').Person} who @param {string} path */
async function startsAllTheSame(who, path) {
  await who.page.goto(path);
  assert.equal(await started(who.page), 'taken-over', path);
  const wanted = await text(who);
  assert.equal(await openDisturbed(who, path, disturb), 'built-anew', path);
  assert.equal(await text(who), wanted, path);
  assert.equal(await who.page.locator('#app font, #app aside').count(), 0, path);
}

scenario('every page of staff starts in whatever state it is found', async ({ app, enter }) => {
  const clerk = await enter('clerk');
  const { id } = await scheduleSoon(app, clerk);
  const guest = (await clerk.page.locator('main a[href*="/guests/"]').first().getAttribute('href')) ?? '';
  const stranger = await enter('stranger', { expected: [/status of 404/] });
  for (const path of ['/sign-in', '/setup', '/nothing-is-here', `/j/${'A'.repeat(32)}`]) await startsAllTheSame(stranger, path);
  const admin = await enter('admin');
  await signIn(admin, account(app, 'admin'));
  for (const path of ['/', '/consultations', '/dashboard', '/account', '/admin/branches', '/admin/services', '/admin/accounts', '/admin/teams', '/admin/jobs']) {
    await startsAllTheSame(admin, path);
  }
  for (const list of ['/admin/branches', '/admin/services', '/admin/accounts']) {
    await admin.page.goto(list);
    await startsAllTheSame(admin, (await admin.page.locator('main tbody a').first().getAttribute('href')) ?? '');
  }
  for (const path of ['/consultations/new', `/consultations/${id}`, `/consultations/${id}/edit`, `/consultations/${id}/room`, guest]) {
    await startsAllTheSame(admin, path);
  }
  // And it goes on as any other: a link leads to a page without a load.
  await openDisturbed(admin, '/consultations', disturb);
  await admin.page.evaluate(() => (window.same = true));
  await admin.page.locator('.staff-header__nav .nav-link', { hasText: 'Today' }).first().click();
  await admin.page.locator('h1', { hasText: 'Today' }).waitFor();
  assert.equal(await admin.page.evaluate(() => window.same), true);
});

scenario('every page of a guest starts in whatever state it is found, and the guest gets in', async ({ app, enter }) => {
  const clerk = await enter('clerk');
  const { id, link } = await scheduleSoon(app, clerk);
  await clerk.page.goto('/consultations/new');
  await fillIn(clerk.page, { service: '*', guest_name: 'Mia Roth', guest_email: 'mia@example.org', ...at(new Date(Date.now() + 9 * 7 * 24 * 3_600_000)) });
  await submit(clerk.page);
  const early = await guestLink(clerk.page);
  await clerk.page.getByText('Many viewers through one link').click();
  await clerk.page.getByRole('button', { name: 'Make a registration link' }).click();
  const register = await clerk.page.locator('#f-registration-link').inputValue();

  const guest = await enter('guest');
  for (const path of [early, `${early}/check`, register]) await startsAllTheSame(guest, path);
  for (const [name, disturbance] of Object.entries(DISTURBANCES)) {
    assert.equal(await openDisturbed(guest, link, (page) => page.evaluate(disturbance)), 'built-anew', name);
    await part(guest, 'prejoin-join').and(guest.page.locator(':enabled')).waitFor();
  }
  for (const [name, disturbance] of Object.entries(HARMLESS)) {
    assert.equal(await openDisturbed(guest, link, (page) => page.evaluate(disturbance)), 'taken-over', name);
    await part(guest, 'prejoin-join').and(guest.page.locator(':enabled')).waitFor();
  }
  await openDisturbed(guest, link, disturb);
  await part(guest, 'prejoin-join').and(guest.page.locator(':enabled')).click();
  await waitInLobby(guest);
  await joinAt(clerk, `/consultations/${id}/room`);
  await admit(clerk, GUEST);
  await inCall(guest);
  await seesAndHears(guest, {});
});

scenario('what was typed before the page started is kept, and the page knows of it', async ({ app, enter }) => {
  const clerk = await enter('clerk');
  const { id, link } = await scheduleSoon(app, clerk);
  await joinAt(clerk, `/consultations/${id}/room`);
  const signing = await enter('signing');
  for (const [n, before] of [async () => {}, disturb].entries()) {
    const guest = await enter(`guest-${n}`);
    await openDisturbed(guest, link, async (page) => {
      await part(guest, 'prejoin-name').fill(`Somebody else ${n}`);
      await before(page);
    });
    assert.equal(await part(guest, 'prejoin-name').inputValue(), `Somebody else ${n}`);
    assert.equal(await guest.page.evaluate(() => document.activeElement?.id), 'prejoin-name', 'and who types, types on');
    await part(guest, 'prejoin-join').and(guest.page.locator(':enabled')).click();
    await waitInLobby(guest);
    await waiting(clerk, `Somebody else ${n}`).waitFor();

    await openDisturbed(signing, '/sign-in', async (page) => {
      await page.locator('[name=email]').fill('anna@example.org');
      await page.locator('[name=password]').fill('four quiet words');
      await before(page);
    });
    assert.equal(await signing.page.locator('[name=email]').inputValue(), 'anna@example.org');
    assert.equal(await signing.page.locator('[name=password]').inputValue(), 'four quiet words');
  }
});

scenario('beside a password manager a form shows its mistakes, keeps what was typed, and is sent', async ({ app, enter }) => {
  const clerk = await enter('clerk');
  const { page } = clerk;
  await page.addInitScript(passwordManager);
  await signIn(clerk, account(app, 'clerk'));
  await page.goto('/consultations/new');
  const typed = { service: '*', guest_name: 'Mia Roth', notes: 'Line one', ...at(new Date(Date.now() + 9 * 7 * 24 * 3_600_000)) };
  await fillIn(page, { ...typed, guest_email: 'no address' });
  await submit(page);
  assert.equal(await started(page), 'built-anew');
  assert.ok(await errorAt(page, 'guest_email'));
  assert.equal(await page.locator('[name=notes]').inputValue(), 'Line one');
  await fillIn(page, { guest_email: 'mia@example.org' });
  await submit(page);
  assert.ok(idIn(page.url()), page.url());
});

scenario('a start that fails is tried once more, in a fresh instance', async ({ app, enter }) => {
  const clerk = await enter('clerk');
  const { link } = await scheduleSoon(app, clerk);
  const guest = await enter('guest', { expected: [/panicked at/, /unreachable/, /previous WASM instance/] });
  // A page that is as it was sent, as far as this script can see, and is not.
  await guest.context.route(/\/pkg\/start-/, async (route) => {
    const script = await (await route.fetch()).text();
    const blind = script.replace('root.dataset.shape === shapeOf(root)', 'true');
    assert.notEqual(blind, script);
    await route.fulfill({ contentType: 'text/javascript', body: blind });
  });
  let panicked = false;
  guest.page.on('console', (message) => (panicked ||= message.text().includes('panicked at')));
  await guest.page.addInitScript(passwordManager);
  await guest.page.goto(link);
  await guest.page.locator('html[data-start=built-anew]').waitFor({ state: 'attached' });
  assert.ok(panicked, 'the first start failed');
  await part(guest, 'prejoin-join').and(guest.page.locator(':enabled')).click();
  await waitInLobby(guest);
});

scenario('a translator’s words give way when the page has something new to say', async ({ app, enter }) => {
  const clerk = await enter('clerk');
  const { link } = await scheduleSoon(app, clerk);
  const guest = await enter('guest', { devices: 'refused' });
  await guest.page.goto(link);
  await part(guest, 'prejoin-join').filter({ hasText: 'without microphone' }).waitFor();
  await guest.page.evaluate(tools);
  await guest.page.evaluate(DISTURBANCES['every word wrapped']);
  assert.equal(await guest.page.locator('[data-test=prejoin-join] font').count(), 2);
  await part(guest, 'prejoin-join').click();
  await waitInLobby(guest);
});

scenario('a page whose browser part can’t come, or can’t run, says what to do', async ({ app, enter }) => {
  const clerk = await enter('clerk');
  const { link } = await scheduleSoon(app, clerk);
  const cut = await enter('cut', { expected: [/net::ERR_FAILED/, /Failed to fetch|TypeError/] });
  await cut.context.route(/\.wasm$/, (route) => route.abort());
  const locked = await enter('locked');
  await locked.page.addInitScript(() => void delete globalThis.WebAssembly);
  for (const [who, word] of /** @type {const} */ ([
    [cut, 'failed'],
    [locked, 'unsupported'],
  ])) {
    await who.page.goto(link);
    await part(who, `start-${word}`).waitFor();
    assert.match(await part(who, `start-${word}`).innerText(), /another browser or on another device/);
    assert.equal(await part(who, 'prejoin-join').isVisible(), false, 'no button that does nothing');
    await assertAccessible(who.page, `start ${word}`);
    await who.page.goto('/sign-in');
    await part(who, `start-${word}`).waitFor();
    await signIn(who, account(app, 'clerk'));
    assert.match(await who.page.locator('h1').innerText(), /Today/, 'forms work all the same');
  }

  const slow = await enter('slow');
  /** @type {(value: unknown) => void} */
  let come = () => {};
  const gate = new Promise((resolve) => (come = resolve));
  await slow.context.route(/\.wasm$/, async (route) => {
    await gate;
    await route.continue();
  });
  await slow.page.clock.install();
  await slow.page.goto(link, { waitUntil: 'domcontentloaded' });
  await slow.page.clock.fastForward(15_000);
  await part(slow, 'start-slow').waitFor();
  await assertAccessible(slow.page, 'start slow');
  come(undefined);
  assert.equal(await started(slow.page), 'taken-over');
  await part(slow, 'start-slow').waitFor({ state: 'hidden' });
});

scenario('who has no WebRTC learns it before joining, and in the device check', async ({ app, enter }) => {
  const clerk = await enter('clerk');
  const { id, link } = await scheduleSoon(app, clerk);
  const guest = await enter('guest');
  for (const who of [guest, clerk]) await who.page.addInitScript(() => void delete globalThis.RTCPeerConnection);
  await guest.page.goto(link);
  await part(guest, 'cant-meet').waitFor();
  assert.match(await part(guest, 'cant-meet').innerText(), /another browser or on another device/);
  assert.equal(await part(guest, 'prejoin-join').isVisible(), false);
  await assertAccessible(guest.page, 'no webrtc');
  await guest.page.goto(`${link}/check`);
  await part(guest, 'outcome').filter({ hasText: 'Browser' }).filter({ hasText: 'WebRTC is switched off' }).waitFor();
  await clerk.page.goto(`/consultations/${id}/room`);
  await part(clerk, 'cant-meet').waitFor();
});

scenario('a page of staff follows one arrival after the other in a browser that lacks what can be lacked', async ({ app, enter }) => {
  const clerk = await enter('clerk');
  await clerk.page.addInitScript(() => {
    // An iPhone's Safari, and then some.
    delete globalThis.Notification;
    delete globalThis.AudioContext;
    for (const name of ['clipboard', 'permissions', 'wakeLock']) Object.defineProperty(Navigator.prototype, name, { get: () => undefined });
    for (const name of ['localStorage', 'sessionStorage']) {
      Object.defineProperty(globalThis, name, {
        get: () => {
          throw new DOMException('no', 'SecurityError');
        },
      });
    }
  });
  const { id, link } = await scheduleSoon(app, clerk);
  await clerk.page.getByText('Add a guest', { exact: true }).click();
  await clerk.page.locator('[name=name]').fill('Ben Sato');
  await clerk.page.locator('[name=email]').fill('ben.sato@example.org');
  await clerk.page.getByRole('button', { name: 'Add guest and make a link' }).click();
  const second = await guestLink(clerk.page);
  await clerk.page.locator('.copy-field__button').first().click();
  await clerk.page.getByText('Selected: press Ctrl+C (⌘C on a Mac) to copy').waitFor();
  await clerk.page.goto('/');
  const waits = (/** @type {number} */ count) =>
    until(`${count} who wait`, PATIENCE_MS, async () => (await part(clerk, 'waiting-count').allInnerTexts())[0] === String(count));
  const before = Number((await part(clerk, 'waiting-count').allInnerTexts())[0] ?? 0);
  const ada = await enter('Ada');
  await joinAt(ada, link);
  await waits(before + 1);
  const ben = await enter('Ben');
  await joinAt(ben, second);
  await waits(before + 2);
  await joinAt(clerk, `/consultations/${id}/room`);
  await admit(clerk, GUEST);
  await inCall(ada);
  await Promise.all([seesAndHears(ada, {}), seesAndHears(clerk, {})]);
});
