import assert from 'node:assert/strict';

import { admit, decline, allowAgain, inCall, isOver, joinAt, part, remove, seesTiles, waitInLobby, waiting } from '../lib/call.mjs';
import { scenario } from '../lib/scenario.mjs';
import { scheduleSoon } from '../lib/staff.mjs';

/** Time enough for a guest who gets in wrongly to be seen. */
const SETTLE_MS = 1_500;
const GUEST = 'Ada Okafor';
/** Being told no is no fault of the page, though the console calls it one. */
const expected = [/status of 40[0-9]/];

/** @param {import('../lib/browser.mjs').Person} guest @param {import('../lib/browser.mjs').Person} host */
async function assertOutside(guest, host) {
  await host.page.waitForTimeout(SETTLE_MS);
  assert.equal(await part(guest, 'call').count(), 0, 'the guest is not in the meeting');
  assert.equal(await part(guest, 'lobby').count(), 0, 'nor in the lobby');
  assert.equal(await waiting(host, GUEST).count(), 0, 'and the host is not asked again');
}

/**
 * What the page says first on its seat's socket: the token is in it.
 *
 * @param {import('../lib/browser.mjs').Person} guest
 * @returns {Promise<string>}
 */
async function helloOf({ page }) {
  const socket = await page.waitForEvent('websocket', { predicate: (socket) => new URL(socket.url()).pathname === '/socket/seat', timeout: 60_000 });
  const { payload } = await socket.waitForEvent('framesent');
  return String(payload);
}

/** The server's first word to that. @param {import('../lib/browser.mjs').Person} guest @param {string} hello */
function sayHello({ page }, hello) {
  return page.evaluate(
    (hello) =>
      new Promise((resolve) => {
        const socket = new WebSocket(`ws://${location.host}/socket/seat`);
        socket.onopen = () => socket.send(hello);
        socket.onmessage = ({ data }) => resolve(data);
        socket.onclose = () => resolve('{"t":"closed"}');
      }),
    hello,
  );
}

scenario('who was declined stays out until the host lets them ask again', async ({ app, enter }) => {
  const host = await enter('host');
  const { id, link } = await scheduleSoon(app, host);
  const guest = await enter('guest', { expected });
  await joinAt(host, `/consultations/${id}/room`);
  await joinAt(guest, link);
  await waitInLobby(guest);
  await decline(host, GUEST);
  await isOver(guest, 'declined');
  await assertOutside(guest, host);

  await guest.page.reload();
  await assertOutside(guest, host);
  await guest.page.goto(link);
  await assertOutside(guest, host);
  const elsewhere = await enter('elsewhere', { expected });
  await elsewhere.page.goto(link);
  await assertOutside(elsewhere, host);

  await allowAgain(host, GUEST);
  await joinAt(guest, link);
  await waitInLobby(guest);
  await admit(host, GUEST);
  await inCall(guest);
});

scenario('who was removed stays out, even with the token of the seat they had', async ({ app, enter }) => {
  const host = await enter('host');
  const { id, link } = await scheduleSoon(app, host);
  const guest = await enter('guest', { expected });
  await joinAt(host, `/consultations/${id}/room`);
  const hello = helloOf(guest);
  await joinAt(guest, link);
  await waitInLobby(guest);
  await admit(host, GUEST);
  await inCall(guest);
  const kept = await guest.page.evaluate(() => Object.entries(sessionStorage));
  assert.notEqual(kept.length, 0, 'the seat is remembered in this tab');
  await remove(host, GUEST);
  await isOver(guest, 'removed');
  await seesTiles(host, 'camera', 0);

  await guest.page.evaluate((entries) => entries.forEach(([key, value]) => sessionStorage.setItem(key, value)), kept);
  await guest.page.goto(link);
  await assertOutside(guest, host);

  // The token itself, by somebody who writes to the socket by hand.
  const answer = await sayHello(guest, await hello);
  assert.equal(JSON.parse(answer).t, 'closed', answer);
  await assertOutside(guest, host);
});
