// The module over the fake SDK, with real media: the clerk sits in a real meeting of a real server, which plays the one in
// Teams; the guest's page holds nothing but the module.
//
// `npm run build:fake` in teams-client/ first; ANTEROOM_BIN names the server.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { startApp } from '../lib/app.mjs';
import { person } from '../lib/browser.mjs';
import { admit, decline, inCall, joinAt, othersTiles, part, reads, remove, waiting, write } from '../lib/call.mjs';
import { hearsNothingAnyMore, hearsNothingFor, seesAndHears } from '../lib/media.mjs';
import { scheduleSoon } from '../lib/staff.mjs';
import { sendHome, sharedBrowser } from '../lib/shared-browser.mjs';
import { PATIENCE_MS, until } from '../lib/until.mjs';
import { startCloud } from './cloud.mjs';
import { serve } from './serve.mjs';

const DIST = fileURLToPath(new URL('../../teams-client/dist-fake', import.meta.url));
const missing = !existsSync(`${DIST}/manifest.json`) ? 'teams-client/ is not built: npm run build:fake' : !process.env.ANTEROOM_BIN && 'ANTEROOM_BIN names no server';
const skip = missing || false;
const GUEST = 'Ada Okafor';

/** A clerk in "Teams", and a guest's page with the module on it. @param {(stage: any) => Promise<void>} play */
async function stage(play) {
  const app = await startApp();
  const browser = await sharedBrowser();
  /** @type {import('../lib/browser.mjs').Person[]} */
  const people = [];
  let cloud;
  let site;
  try {
    const host = await person(browser, 'host', { url: app.url });
    people.push(host);
    const { id, link } = await scheduleSoon(app, host, { guest_name: GUEST });
    const ending = { instead: /** @type {object | undefined} */ (undefined) };
    cloud = await startCloud({ behind: app.url, resolve: () => /** @type {any} */ (ending.instead ?? link) });
    site = await serve(DIST, [cloud.url, cloud.socket]);
    const guest = await person(browser, 'guest', { url: site.url });
    people.push(guest);
    await cloud.reveal(guest);
    await guest.page.goto('/');
    await play({ host, room: `/consultations/${id}/room`, cloud, site, guest, ending });
  } finally {
    await sendHome(people);
    await site?.close();
    await cloud?.close();
    await app.stop();
  }
}

/** The guest joins through the module. @param {any} stage @param {object} [more] */
async function join({ guest, site }, more = {}) {
  await guest.page.evaluate(
    async ({ entry, name, more }) => {
      const { createEngine } = await import(entry);
      const media = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
      const [microphone, camera] = [media.getAudioTracks()[0], media.getVideoTracks()[0]];
      const events = [];
      const engine = createEngine({
        report: (event) => events.push(event),
        refresh: () => Promise.resolve({ token: 'fresh', expiresOn: '2099-01-01T00:00:00Z' }),
      });
      Object.assign(window, { events, engine, camera, microphone });
      const given = {
        token: 'token',
        expiresOn: '2098-01-01T00:00:00Z',
        user: '8:acs:fake_self',
        name,
        meeting: { link: 'https://teams.microsoft.com/l/meetup-join/19%3ameeting_x%40thread.v2/0' },
        publish: 'all',
        chat: { endpoint: 'https://fake.communication.azure.com' },
        ...more,
      };
      engine.join(given, { microphone, camera, muted: false });
    },
    { entry: site.entry, name: GUEST, more },
  );
}

/** @param {any} stage @param {string} type @param {(event: any) => boolean} [is] */
const comes = ({ guest }, type, is = () => true) =>
  until(`${type}`, PATIENCE_MS, async () => {
    const events = await guest.page.evaluate((type) => window.events.filter((event) => event.type === type).map((event) => ({ ...event, stream: undefined })), type);
    return events.find(is);
  });
const stands = (/** @type {any} */ stage, /** @type {string} */ state) => comes(stage, 'state', (event) => event.state === state);
const ends = async (/** @type {any} */ stage) => {
  const { code, subCode } = await comes(stage, 'ended');
  return [code, subCode];
};
const call = (/** @type {any} */ { guest }, /** @type {string} */ method, /** @type {unknown[]} */ ...args) =>
  guest.page.evaluate(({ method, args }) => window.engine[method](...args), { method, args });

/** @param {any} guest @returns {Promise<number>} */
const picturesSent = (guest) =>
  guest.page.evaluate(async () => {
    const stats = [...(await window.__anteroom_pc.getStats()).values()];
    return stats.filter((one) => one.type === 'outbound-rtp').reduce((sum, one) => sum + (one.framesSent ?? 0), 0);
  });

test('lobby, admitted, both see and hear each other, chat, recording, consent, captions, refresh, removed', { skip, timeout: 420_000 }, () =>
  stage(async (the) => {
    const { host, guest, cloud } = the;
    await joinAt(host, the.room);
    await inCall(host);
    await join(the);
    await stands(the, 'lobby');
    await admit(host, GUEST);
    await stands(the, 'connected');
    await Promise.all([seesAndHears(host, {}), seesAndHears(guest, {})]);
    await comes(the, 'stream', (event) => event.source === 'camera');
    await comes(the, 'people', ({ people }) => people.length === 2 && people.some((/** @type {any} */ one) => one.self));
    await comes(the, 'role', (event) => event.role === 'Attendee');

    await write(host, 'Good morning');
    await comes(the, 'chat', (event) => event.text === 'Good morning' && !event.mine);
    await call(the, 'say', 'Good morning to you');
    await reads(host, 'Good morning to you');
    await comes(the, 'chat', (event) => event.mine);

    await part(host, 'share').click();
    await comes(the, 'stream', (event) => event.source === 'screen');
    await part(host, 'share').click();
    await comes(the, 'streamGone', (event) => event.source === 'screen');

    await call(the, 'mute', true);
    await othersTiles(host, 'camera').locator('.tile__muted').waitFor();
    await hearsNothingAnyMore(host);
    await call(the, 'mute', false);
    await seesAndHears(host, {});
    await call(the, 'setCamera');
    await until('no more pictures', PATIENCE_MS, async () => {
      const before = await picturesSent(guest);
      await guest.page.waitForTimeout(500);
      return (await picturesSent(guest)) === before;
    });
    await guest.page.evaluate(() => window.engine.setCamera(window.camera));
    await seesAndHears(host, {});

    cloud.command({ t: 'recording', on: true });
    await comes(the, 'recording', (event) => event.on);
    cloud.command({ t: 'consent' });
    await comes(the, 'consentRequired');
    await hearsNothingAnyMore(host);
    await call(the, 'consent');
    await seesAndHears(host, {});
    assert.equal(cloud.heard.consented.length, 1);

    await call(the, 'captions', true);
    await comes(the, 'captions', (event) => event.on);
    cloud.command({ t: 'caption', speaker: 'Anna', text: 'Good morning', final: true });
    await comes(the, 'caption', (event) => event.text === 'Good morning' && event.final);
    cloud.command({ t: 'refresh' });
    await until('the token to be renewed', PATIENCE_MS, () => cloud.heard.refreshed.length === 1);
    assert.deepEqual(cloud.heard.refreshed[0], { expiresOnTimestamp: Date.parse('2099-01-01T00:00:00Z') });
    cloud.command({ t: 'may', share: false, camera: true, microphone: true });
    await comes(the, 'may', (event) => !event.share);

    await remove(host, GUEST);
    assert.deepEqual(await ends(the), [0, 5000]);
    assert.deepEqual(guest.troubles, []);
  }),
);

test('declined in the lobby; ended by command; a call that resolves to nothing; the SDK blocked', { skip, timeout: 420_000 }, () =>
  stage(async (the) => {
    const { host, guest, cloud, ending } = the;
    await joinAt(host, the.room);
    await inCall(host);
    await join(the);
    await stands(the, 'lobby');
    cloud.command({ t: 'end', code: 403, subCode: 5221 });
    assert.deepEqual(await ends(the), [403, 5221]);

    ending.instead = { code: 404, subCode: 4500 };
    await join(the);
    assert.deepEqual(await ends(the), [404, 4500]);

    await guest.page.goto('/');
    cloud.answerSdk(500);
    await join(the);
    assert.deepEqual(await ends(the), [-1, 1]);
  }),
);

test('a viewer\u2019s seat sends nothing; whoever is declined is told so', { skip, timeout: 420_000 }, () =>
  stage(async (the) => {
    const { host, guest } = the;
    await joinAt(host, the.room);
    await inCall(host);
    await join(the, { publish: 'nothing' });
    await stands(the, 'lobby');
    await admit(host, GUEST);
    await stands(the, 'connected');
    await seesAndHears(guest, {});
    await call(the, 'mute', false);
    await guest.page.evaluate(() => window.engine.setCamera(window.camera.clone()));
    await host.page.waitForTimeout(1_500);
    await hearsNothingFor(host);
    const sent = await guest.page.evaluate(async () => {
      const stats = [...(await window.__anteroom_pc.getStats()).values()];
      return stats.filter((one) => one.type === 'outbound-rtp').reduce((sum, one) => sum + one.bytesSent, 0);
    });
    assert.equal(sent, 0);
    await call(the, 'leave');
    await waiting(host, GUEST).waitFor({ state: 'detached' });

    await join(the);
    await stands(the, 'lobby');
    await decline(host, GUEST);
    assert.deepEqual(await ends(the), [0, 5854]);
  }),
);
