import assert from 'node:assert/strict';

import { admit, inCall, joinAt, leaveAndEnd, othersTiles, part, reads, seesTiles, waitInLobby, waiting, write } from '../lib/call.mjs';
import { hearsNothingAnyMore, seesAndHears } from '../lib/media.mjs';
import { scenario } from '../lib/scenario.mjs';
import { account, at, figure, scheduleSoon, signIn } from '../lib/staff.mjs';
import { PATIENCE_MS, until } from '../lib/until.mjs';

const GUEST = 'Ada Okafor';

/** Around now, and wide: shortly before midnight, "in a few minutes" is another day. @param {number} days */
const dayFromNow = (days) => at(new Date(Date.now() + days * 24 * 3_600_000)).date;

scenario('scheduled, invited, admitted, seen and heard, written to, shared with, counted', async ({ app, enter, tell }) => {
  const host = await enter('host');
  const admin = await enter('admin');
  await signIn(admin, account(app, 'admin'));
  await admin.page.goto(`/dashboard?from=${dayFromNow(-7)}&to=${dayFromNow(2)}`);
  const before = { kept: await figure(admin.page, 'Kept'), scheduled: await figure(admin.page, 'Scheduled') };
  const { id, link } = await scheduleSoon(app, host, { guest_name: GUEST });

  // The guest comes first, and is told at once on any page of the host's.
  const guest = await enter('guest');
  await joinAt(guest, link);
  await waitInLobby(guest);
  await host.page.goto('/');
  await part(host, 'waiting-count').first().waitFor();
  assert.match(await part(host, 'waiting-count').first().innerText(), /[1-9]/);

  await joinAt(host, `/consultations/${id}/room`);
  await inCall(host);
  await waiting(host, GUEST).waitFor();
  assert.equal(await part(guest, 'call').count(), 0, 'nobody is in before they are let in');
  await admit(host, GUEST);
  await inCall(guest);
  const [atHost, atGuest] = await Promise.all([seesAndHears(host, {}), seesAndHears(guest, {})]);
  tell(`media moves ${atHost} ms (host) and ${atGuest} ms (guest) after both are in`);
  await seesTiles(host, 'camera', 1);
  await seesTiles(guest, 'camera', 1);

  await write(host, 'Good morning');
  await reads(guest, 'Good morning');
  await write(guest, 'Hello, <b>can you</b> hear me?');
  await reads(host, 'Hello, <b>can you</b> hear me?');

  await write(guest, 'The papers are at https://example.org/offer?no=7.');
  const written = part(host, 'chat-link');
  await written.waitFor();
  assert.deepEqual([await written.innerText(), await written.getAttribute('href')], Array(2).fill('https://example.org/offer?no=7'));
  assert.equal(await written.getAttribute('rel'), 'noopener noreferrer nofollow');

  await part(host, 'share').click();
  await seesTiles(guest, 'screen', 1);
  await seesAndHears(guest, { videos: 2 });
  // Who shares goes on seeing the other, not their own screen.
  assert.equal(await host.page.locator('[data-test=tile][data-source=screen]').count(), 0);
  await part(host, 'stop-sharing').click();
  await part(host, 'sharing').waitFor({ state: 'detached' });
  await seesTiles(guest, 'screen', 0);

  await part(guest, 'mute').click();
  await othersTiles(host, 'camera').locator('.tile__muted').waitFor();
  await hearsNothingAnyMore(host);
  await part(guest, 'mute').click();
  await othersTiles(host, 'camera').locator('.tile__muted').waitFor({ state: 'detached' });
  await seesAndHears(host, {});

  await leaveAndEnd(guest, host);

  const started = performance.now();
  // The page has been open all the time, and follows.
  await until('the dashboard to count it', PATIENCE_MS, async () => (await figure(admin.page, 'Kept')) === before.kept + 1);
  tell(`counted ${Math.round(performance.now() - started)} ms after the end`);
  assert.equal(await figure(admin.page, 'Scheduled'), before.scheduled + 1);
}, { demo: 'fresh' });
