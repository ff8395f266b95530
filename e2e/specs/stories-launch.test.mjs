// The manufacturer's launch: one presenter, and thirty partners through one registration link, who see and hear it.

import assert from 'node:assert/strict';

import { assertAccessible } from '../lib/axe.mjs';
import { PHONE } from '../lib/browser.mjs';
import { admit, inCall, isOver, joinAt, othersTiles, part, reads, remove, write } from '../lib/call.mjs';
import { forge, seats, takeSeats } from '../lib/crowd.mjs';
import { arriving, packetsSent, seesAndHears } from '../lib/media.mjs';
import { scenario } from '../lib/scenario.mjs';
import { addGuest, addService } from '../lib/stories.mjs';
import { scheduleSoon } from '../lib/staff.mjs';
import { PASTED, alive, onTeams } from '../lib/teams-stage.mjs';
import { PATIENCE_MS, until } from '../lib/until.mjs';

const LAUNCH = { service: 'Product launch', guest_name: 'Press desk', guest_email: 'press@example.org' };
const VIEWERS = ['Nadia Perrin', 'Tomás Vega', 'Ingrid Holm'];
const CROWD = Array.from({ length: 27 }, (_, n) => `Partner ${n + 1}`);
/** Being told no is no fault of the page, though the console calls it one. */
const expected = [/status of 40[0-9]/];

/**
 * The launch is scheduled, and its registration link made.
 *
 * @param {import('../lib/app.mjs').App} site
 * @param {(name: string, options?: object) => Promise<import('../lib/browser.mjs').Person>} enter
 * @param {object} [more]
 */
async function announced(site, enter, more = {}) {
  await addService(site, await enter('admin'), { name: LAUNCH.service, minutes: '30' });
  const presenter = await enter('presenter');
  const { id } = await scheduleSoon(site, presenter, { ...LAUNCH, ...more });
  return { presenter, id, registration: await registrationLink(presenter) };
}

/** On the consultation's page. @param {import('../lib/browser.mjs').Person} presenter */
async function registrationLink({ page }) {
  await page.getByText('Many viewers through one link…').click();
  await page.getByRole('button', { name: 'Make a registration link' }).click();
  const field = page.getByRole('textbox', { name: 'Registration link' });
  await field.waitFor();
  return field.inputValue();
}

/** As the form asks for it; the page that follows is their own way in. @param {import('../lib/browser.mjs').Person} viewer @param {string} registration */
async function registers({ page, name }, registration) {
  await page.goto(registration);
  await page.locator('[name=name]').fill(name);
  await page.locator('[name=email]').fill(`${name.split(' ')[1]}@example.org`.toLowerCase());
  await page.locator('main form.form button[type=submit]').click();
  await page.waitForURL(/\/j\//);
  return page.url();
}

/** Nothing to send with, no key that does, and nothing sent. @param {import('../lib/browser.mjs').Person} viewer */
async function onlyWatches(viewer) {
  const nothing = async (/** @type {string} */ when) => {
    for (const button of ['mute', 'camera', 'share']) assert.equal(await part(viewer, button).count(), 0, `${viewer.name} has no ${button} ${when}`);
    assert.equal(await packetsSent(viewer), 0, `${viewer.name} sends nothing ${when}`);
  };
  await nothing('at first');
  await viewer.page.evaluate(() => /** @type {HTMLElement | null} */ (document.activeElement)?.blur());
  for (const key of ['m', 'v', 's']) await viewer.page.keyboard.press(key);
  await viewer.page.waitForTimeout(1_500);
  await nothing('after every key');
  const opened = await viewer.page.evaluate(() => document.querySelectorAll('[data-test=tile][data-own]').length);
  assert.equal(opened, 0, 'no picture of their own');
}

/** @param {import('../lib/browser.mjs').Person} crowd @param {(seat: import('../lib/crowd.mjs').Seat) => boolean} is @param {number} count */
const seatsAre = (crowd, is, count) => until(`${count} seats`, PATIENCE_MS, async () => (await seats(crowd)).filter(is).length === count);

/** Those whom the presenter's list calls viewers. @param {import('../lib/browser.mjs').Person} presenter @param {number} count */
const countsViewers = (presenter, count) =>
  until(`${count} viewers in the list`, PATIENCE_MS, async () => (await part(presenter, 'person').filter({ hasText: '(viewer)' }).count()) === count);

scenario('a launch on its own site: thirty watch through one link, and none of them can send', async ({ app, enter, tell }) => {
  const { presenter, id, registration } = await announced(app, enter);
  await joinAt(presenter, `/consultations/${id}/room`);
  const viewers = [];
  for (const [n, name] of VIEWERS.entries()) {
    const viewer = await enter(name, { expected, ...(n === 2 ? { viewport: PHONE } : {}) });
    const link = await registers(viewer, registration);
    if (n === 2) await assertAccessible(viewer.page, 'about to watch');
    await joinAt(viewer, link, { devices: false });
    await inCall(viewer);
    viewers.push({ viewer, link });
  }
  await Promise.all(viewers.map(({ viewer }) => seesAndHears(viewer, {})));
  for (const { viewer } of viewers) await onlyWatches(viewer);

  const crowd = await enter('crowd');
  const started = performance.now();
  await takeSeats(crowd, registration, CROWD);
  await seatsAre(crowd, ({ status, credentials }) => status === 'admitted' && credentials?.publish === 'nothing', CROWD.length);
  tell(`${CROWD.length} seats taken in ${Math.round(performance.now() - started)} ms`);
  assert.equal(await part(presenter, 'waiting-guest').count(), 0, 'nobody is let in one by one');
  await part(presenter, 'people-toggle').click();
  await countsViewers(presenter, 30);

  // By hand: a seat that asks to send gets no place to send from, and is neither seen nor heard.
  const forger = CROWD[0];
  await forge(crowd, forger, { t: 'shows', microphone: true, camera: true, screen: true });
  await forge(crowd, forger, { t: 'media', media: { m: 'join' } });
  for (const source of ['microphone', 'camera', 'screen']) await forge(crowd, forger, { t: 'media', media: { m: 'publish', source } });
  await presenter.page.waitForTimeout(1_500);
  const [forged] = await seats(crowd);
  assert.deepEqual(forged.sends, []);
  assert.equal(forged.status, 'admitted', 'and it costs nobody the meeting');
  assert.equal(await othersTiles(presenter, 'screen').count(), 0);
  assert.deepEqual(await arriving(presenter), { videos: 0, audios: 0 });

  // One more comes, and one is put out.
  await takeSeats(crowd, registration, ['Partner 28']);
  await seatsAre(crowd, ({ status }) => status === 'admitted', 28);
  await countsViewers(presenter, 31);
  const { viewer, link } = viewers[2];
  await remove(presenter, viewer.name);
  await isOver(viewer, 'removed');
  await countsViewers(presenter, 30);
  await viewer.page.goto(link);
  await viewer.page.waitForTimeout(1_000);
  assert.equal(await part(viewer, 'call').count(), 0, 'out is out');
  await seesAndHears(viewers[0].viewer, {});
  await write(viewers[0].viewer, 'When can we order it?');
  await reads(presenter, 'When can we order it?');

  await part(presenter, 'end').click();
  await part(presenter, 'end-confirm').click();
  await isOver(viewers[0].viewer, 'ended');
  await seatsAre(crowd, ({ status }) => status === 'closed: ended', 28);
});

onTeams('a launch on Teams: thirty get seats that send nothing, whatever Teams would allow', async (stage) => {
  const { site, teams, microsoft, enter, meet, tell } = stage;
  const inTeams = await enter('in-teams', { url: teams.url });
  const there = await scheduleSoon(teams, inTeams, { guest_name: VIEWERS[0] });
  // In Teams they could all speak: they are guests like any other there.
  const links = new Map([[VIEWERS[0], there.link]]);
  for (const name of VIEWERS.slice(1)) links.set(name, await addGuest(inTeams, name, 'partner@example.org'));
  meet((_, name) => links.get(name) ?? { code: 404, subCode: 4500 });
  const { presenter, id, registration } = await announced(site, enter, { engine: 'teams', meeting: PASTED });
  await joinAt(inTeams, `/consultations/${there.id}/room`);
  await joinAt(presenter, `/consultations/${id}/room`, { devices: false });

  const viewers = [];
  for (const [n, name] of VIEWERS.entries()) {
    const viewer = await enter(name, { expected, ...(n === 2 ? { viewport: PHONE } : {}) });
    const link = await registers(viewer, registration);
    await joinAt(viewer, link, { devices: false });
    await part(viewer, 'teams-lobby').waitFor();
    await admit(inTeams, name);
    await seesAndHears(viewer, {});
    viewers.push({ viewer, link });
  }
  await Promise.all(viewers.map(({ viewer }) => seesAndHears(viewer, {})));
  for (const { viewer } of viewers) await onlyWatches(viewer);
  assert.deepEqual(await arriving(inTeams), { videos: 0, audios: 0 });

  const crowd = await enter('crowd');
  const started = performance.now();
  await takeSeats(crowd, registration, CROWD);
  await seatsAre(crowd, ({ credentials }) => credentials?.engine === 'teams' && credentials.publish === 'nothing', CROWD.length);
  tell(`${CROWD.length} credentials for Teams in ${Math.round(performance.now() - started)} ms`);
  assert.equal(await alive(stage), 30);
  const { identities, refusals, limits } = await microsoft.state();
  assert.deepEqual(refusals, [], 'no request was one too many, or wrong');
  const most = Object.entries(limits).find(([operation]) => /create/i.test(operation) && /identity/i.test(operation))?.[1];
  assert.ok(most && identities.length <= most.requests, `${identities.length} in less than ${most?.requests} of ${most?.seconds} s`);
  await part(presenter, 'people-toggle').click();
  await countsViewers(presenter, 30);

  const { viewer, link } = viewers[2];
  await remove(presenter, viewer.name);
  await isOver(viewer, 'removed');
  await until('its identity to be deleted', PATIENCE_MS, async () => (await alive(stage)) === 29);
  await viewer.page.goto(link);
  await viewer.page.waitForTimeout(1_000);
  assert.equal(await part(viewer, 'teams-lobby').count() + (await part(viewer, 'call').count()), 0, 'out is out');
  await seesAndHears(viewers[0].viewer, {});

  await part(presenter, 'end').click();
  await part(presenter, 'end-confirm').click();
  await isOver(viewers[0].viewer, 'ended');
  await until('every identity to be deleted', PATIENCE_MS, async () => (await alive(stage)) === 0);
});
