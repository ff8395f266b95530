/** What people do in a meeting, through the hooks that the call screen promises (`data-test`). */

import { PATIENCE_MS, until } from './until.mjs';


/** @param {import('./browser.mjs').Person} who @param {string} name */
export const part = ({ page }, name) => page.locator(`[data-test=${name}]`);

/**
 * Through the first screen, with camera and microphone.
 *
 * @param {import('./browser.mjs').Person} who
 * @param {string} url the guest's link, or the room's address
 * @param {{ as?: string, devices?: boolean, agree?: boolean }} [options]
 */
export async function joinAt(who, url, { as, devices = true, agree = false } = {}) {
  await who.page.goto(url);
  await part(who, 'prejoin').waitFor();
  if (as) await part(who, 'prejoin-name').fill(as);
  if (devices) await turnOnDevices(who);
  if (agree) await part(who, 'prejoin-agree').check();
  await part(who, 'prejoin-join').click();
}

/** How long a page that has the permission is given to turn them on by itself. */
const BY_ITSELF_MS = 1_000;

/** @param {import('./browser.mjs').Person} who */
async function turnOnDevices(who) {
  const ready = who.page.locator('[data-test=prejoin-join][data-with=both]');
  const asked = performance.now() + BY_ITSELF_MS;
  await until('camera and microphone', PATIENCE_MS, async () => {
    if (await ready.isVisible()) return true;
    // Not Playwright's click, which would wait for a button that has gone because the devices came on.
    if (performance.now() > asked) await who.page.evaluate(() => /** @type {HTMLElement | null} */ (document.querySelector('[data-test=prejoin-enable]:enabled'))?.click());
    return false;
  });
}

/** @param {import('./browser.mjs').Person} guest */
export async function waitInLobby(guest) {
  await part(guest, 'lobby').waitFor();
}

/** @param {import('./browser.mjs').Person} host @param {string} name */
export async function admit(host, name) {
  await waiting(host, name).locator('[data-test=admit]').click();
}

/** @param {import('./browser.mjs').Person} host @param {string} name */
export async function decline(host, name) {
  await waiting(host, name).locator('[data-test=decline]').click();
}

/** The guest in the host's list of who waits. @param {import('./browser.mjs').Person} host @param {string} name */
export const waiting = (host, name) => part(host, 'waiting-guest').filter({ hasText: name });

/** @param {import('./browser.mjs').Person} host @param {string} name */
export async function remove(host, name) {
  await openPanel(host, 'people-toggle', 'person');
  const person = part(host, 'person').filter({ hasText: name });
  await person.locator('[data-test=remove]').click();
  await person.locator('[data-test=remove-confirm]').click();
}

/** Lets them ask again. @param {import('./browser.mjs').Person} host @param {string} name */
export async function allowAgain(host, name) {
  await openPanel(host, 'people-toggle', 'person');
  const row = part(host, 'turned-away').filter({ hasText: name });
  await row.locator('[data-test=allow-again]').click();
  // It goes when the server says so; before that, the link still turns them away.
  await row.waitFor({ state: 'detached' });
}

/** @param {import('./browser.mjs').Person} who */
export async function inCall(who) {
  await part(who, 'call').waitFor();
}

/** @param {import('./browser.mjs').Person} who @param {string} text */
export async function write(who, text) {
  await openPanel(who, 'chat-toggle', 'chat-input');
  await part(who, 'chat-input').fill(text);
  await part(who, 'chat-send').click();
}

/** @param {import('./browser.mjs').Person} who @param {string} text */
export async function reads(who, text) {
  await openPanel(who, 'chat-toggle', 'chat-input');
  await part(who, 'chat-message').filter({ hasText: text }).waitFor();
}

/** Tiles of other people. @param {import('./browser.mjs').Person} who @param {'camera' | 'screen'} source */
export const othersTiles = ({ page }, source) => page.locator(`[data-test=tile][data-source=${source}]:not([data-own])`);

/** @param {import('./browser.mjs').Person} who @param {'camera' | 'screen'} source @param {number} count */
export async function seesTiles(who, source, count, within = PATIENCE_MS) {
  const tiles = othersTiles(who, source);
  try {
    await until('tiles', within, async () => (await tiles.count()) === count);
  } catch {
    throw new Error(`${who.name} should see ${count} tiles (${source}) of others, and sees ${await tiles.count()}.`);
  }
}

/** @param {import('./browser.mjs').Person} who @param {string} why @param {number} [within] */
export async function isOver(who, why, within) {
  await who.page.locator(`[data-test=over][data-why=${why}]`).waitFor({ timeout: within });
}

/** The guest goes, then the host ends it for everyone. @param {import('./browser.mjs').Person} guest @param {import('./browser.mjs').Person} host */
export async function leaveAndEnd(guest, host) {
  await part(guest, 'leave').click();
  await isOver(guest, 'left');
  await seesTiles(host, 'camera', 0);
  await part(host, 'end').click();
  await part(host, 'end-confirm').click();
  await isOver(host, 'ended');
}

/** @param {import('./browser.mjs').Person} who @param {string} toggle @param {string} content */
async function openPanel(who, toggle, content) {
  if ((await part(who, content).count()) === 0) await part(who, toggle).click();
  await part(who, content).first().waitFor();
}
