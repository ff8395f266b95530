import assert from 'node:assert/strict';

import { admit, inCall, joinAt, leaveAndEnd, othersTiles, part, reads, seesTiles, waitInLobby, waiting, write } from '../lib/call.mjs';
import { arrivals, hearsNothingAnyMore, seesAndHears } from '../lib/media.mjs';
import { scenario } from '../lib/scenario.mjs';
import { scheduleSoon, signIn } from '../lib/staff.mjs';
import { PATIENCE_MS, until } from '../lib/until.mjs';

const GUEST = 'Ada Okafor';

scenario('a guest in Firefox is admitted, seen and heard, and written to', (stage) => mainJob(stage, { host: 'chromium', guest: 'firefox' }));

scenario('a clerk in Firefox admits, sees and hears, and ends', (stage) => mainJob(stage, { host: 'firefox', guest: 'chromium' }));

/**
 * @param {import('../lib/scenario.mjs').Stage} stage
 * @param {Record<'host' | 'guest', import('../lib/browser.mjs').Make>} makes
 */
async function mainJob({ app, enter, tell }, makes) {
  const desk = await enter('desk');
  const { id, link } = await scheduleSoon(app, desk, { guest_name: GUEST });
  const host = await enter('host', { make: makes.host });
  await signIn(host, await signedInAt(app, desk));
  const guest = await enter('guest', { make: makes.guest });

  await joinAt(host, `/consultations/${id}/room`);
  await inCall(host);
  await joinAt(guest, link);
  await waitInLobby(guest);
  await waiting(host, GUEST).waitFor();
  assert.equal(await part(guest, 'call').count(), 0, 'nobody is in before they are let in');
  const admitted = performance.now();
  await admit(host, GUEST);
  await until('a first picture at the guest', PATIENCE_MS, async () =>
    (await arrivals(guest.page)).some(({ kind, frames }) => kind === 'video' && frames > 0),
  );
  tell(`the guest sees a first picture ${Math.round(performance.now() - admitted)} ms after "Admit"`);
  await inCall(guest);
  await eachSeesAndHears(host, guest);
  for (const who of [host, guest]) await seesTiles(who, 'camera', 1);

  await write(host, 'Good morning');
  await reads(guest, 'Good morning');
  await write(guest, 'Hello, <b>can you</b> hear me?');
  await reads(host, 'Hello, <b>can you</b> hear me?');

  await fallsSilent(guest, host);
  await fallsSilent(host, guest);
  await eachSeesAndHears(host, guest);

  await leaveAndEnd(guest, host);
}

/** Whose pages these are. @param {import('../lib/app.mjs').App} app @param {import('../lib/browser.mjs').Person} who */
async function signedInAt(app, { page }) {
  const header = await page.locator('.staff-header').innerText();
  const found = app.accounts.find(({ name }) => name && header.includes(name));
  assert.ok(found, `no account is named in the header: ${header}`);
  return found;
}

/** @param {import('../lib/browser.mjs').Person[]} people */
async function eachSeesAndHears(...people) {
  await Promise.all(people.map((who) => seesAndHears(who, {})));
}

/**
 * Somebody turns their microphone off, and on again.
 *
 * @param {import('../lib/browser.mjs').Person} who
 * @param {import('../lib/browser.mjs').Person} other
 */
async function fallsSilent(who, other) {
  const muted = othersTiles(other, 'camera').locator('.tile__muted');
  await part(who, 'mute').click();
  await muted.waitFor();
  await hearsNothingAnyMore(other);
  await part(who, 'mute').click();
  await muted.waitFor({ state: 'detached' });
}
