// The whole story on Microsoft Teams, without Microsoft: the bank's server talks to an emulator of Azure, its page runs the
// module over a fake of the Calling SDK, and the meeting in Teams is one of another Anteroom, with real sound and picture.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { startApp, tail } from '../lib/app.mjs';
import { assertAccessible } from '../lib/axe.mjs';
import { launch, person } from '../lib/browser.mjs';
import { admit, decline, inCall, isOver, joinAt, part, reads, remove, seesTiles, waiting, write } from '../lib/call.mjs';
import { startMicrosoft } from '../lib/emulator.mjs';
import { seesAndHears } from '../lib/media.mjs';
import { account, guestLink, scheduleSoon, signIn } from '../lib/staff.mjs';
import { until } from '../lib/until.mjs';
import { startCloud } from '../teams-client/cloud.mjs';

const CLIENT = fileURLToPath(new URL('../../teams-client/dist-fake', import.meta.url));
const GUEST = 'Ada Okafor';
const LINK =
  'https://teams.microsoft.com/l/meetup-join/19%3ameeting_NjA3%40thread.v2/0?context=%7b%22Tid%22%3a%2272f988bf-86f1-41af-91ab-2d7cd011db47%22%2c%22Oid%22%3a%222c0f4a71-3d8e-4a3d-9a2c-0a7a1b9bb001%22%7d';
const LIMIT_MS = 240_000;

/**
 * A bank, its guest, and the clerk in their Teams client.
 *
 * @param {string} name
 * @param {(stage: any) => Promise<void>} play
 */
function story(name, play) {
  test(name, { timeout: LIMIT_MS }, async (t) => {
    assert.ok(existsSync(`${CLIENT}/manifest.json`), 'The module over the fake SDK is not built: npm run build:fake in teams-client.');
    const microsoft = await startMicrosoft();
    const bank = await startApp({
      env: {
        ANTEROOM_TEAMS_CONNECTION_STRING: microsoft.connectionString,
        ANTEROOM_TEAMS_CLIENT: CLIENT,
        ANTEROOM_TEAMS_CONNECT: 'http://localhost:18990,ws://localhost:18990',
      },
    });
    const teams = await startApp();
    const browser = await launch();
    let cloud;
    const people = [];
    try {
      const clerk = await person(browser, 'clerk', { url: bank.url });
      const inTeams = await person(browser, 'in-teams', { url: teams.url });
      const guest = await person(browser, 'guest', { url: bank.url });
      people.push(clerk, inTeams, guest);
      const there = await scheduleSoon(teams, inTeams, { guest_name: GUEST });
      cloud = await startCloud({ behind: teams.url, resolve: () => there.link });
      const { id, link } = await scheduleSoon(bank, clerk, { guest_name: GUEST, engine: 'teams', meeting: LINK });
      await play({ microsoft, bank, cloud, clerk, inTeams, guest, id, link, room: `/consultations/${there.id}/room`, tell: (/** @type {string} */ text) => t.diagnostic(text) });
    } catch (error) {
      for (const who of people) {
        await who.keepPicture(`failed-teams-${who.name}.png`).catch(() => {});
        for (const trouble of who.troubles) t.diagnostic(`${who.name}: ${trouble}`);
      }
      t.diagnostic(`The bank's last lines:\n${tail(bank.output())}`);
      throw error;
    } finally {
      await browser.close();
      await cloud?.close();
      await bank.stop();
      await teams.stop();
      await microsoft.stop();
    }
  });
}

const alive = async (/** @type {any} */ { microsoft }) => (await microsoft.state()).identities.filter((/** @type {any} */ one) => !one.deletedAt).length;

/** The guest through the bank's page into Teams, let in there. @param {any} stage */
async function bothIn(stage) {
  await joinAt(stage.inTeams, stage.room);
  await joinAt(stage.guest, stage.link);
  await part(stage.guest, 'teams-lobby').waitFor();
  await admit(stage.inTeams, GUEST);
  await seesTiles(stage.guest, 'camera', 1);
}

/** A picture that moves, in somebody else's tile. @param {any} guest */
const seesMoving = (guest) =>
  until('a moving picture', 15_000, () =>
    guest.page.evaluate(async () => {
      const video = document.querySelector('[data-test=tile]:not([data-own]) video');
      if (!(video instanceof HTMLVideoElement) || video.videoWidth === 0) return false;
      const before = video.currentTime;
      await new Promise((later) => setTimeout(later, 400));
      return video.currentTime > before;
    }),
  );

story('a pasted link, Teams’ lobby, both see and hear each other, recording announced, agreed, removed, nothing left behind', async (stage) => {
  const { clerk, inTeams, guest, cloud, id, link, room, tell } = stage;
  // The clerk's page says whose meeting it is, and offers the way into it.
  await clerk.page.goto(`/consultations/${id}`);
  assert.match(await clerk.page.locator('main').innerText(), /Tenant 72f988bf/);
  assert.equal(await alive(stage), 0);

  await joinAt(inTeams, room);
  const started = performance.now();
  await joinAt(guest, link);
  await part(guest, 'teams-lobby').waitFor();
  tell(`in Teams’ lobby ${Math.round(performance.now() - started)} ms after the page was asked for`);
  assert.equal(await alive(stage), 1);
  await assertAccessible(guest.page, 'in Teams’ lobby');
  await clerk.page.goto('/');
  await part(clerk, 'waiting-count').first().waitFor();
  await part(clerk, 'waiting-count').first().click();
  await clerk.page.getByText('waiting in Teams’ lobby').first().waitFor();

  await admit(inTeams, GUEST);
  await seesTiles(guest, 'camera', 1);
  await Promise.all([seesAndHears(inTeams, {}), seesMoving(guest)]);
  cloud.command({ t: 'recording', on: true });
  await part(guest, 'notice-recording').waitFor();
  cloud.command({ t: 'consent' });
  await part(guest, 'agree').click();
  await until('the agreement', 10_000, async () => cloud.heard.consented.length > 0);
  await part(guest, 'notice-recording').waitFor();
  cloud.command({ t: 'refresh' });
  await until('a fresh token', 10_000, async () => cloud.heard.refreshed.length > 0);
  assert.equal((await stage.microsoft.state()).identities[0].tokens.length, 2);

  // What a guest writes reaches the clerk's page on this site, and back.
  await joinAt(clerk, `/consultations/${id}/room`, { devices: false });
  await part(clerk, 'teams-host').waitFor();
  await write(guest, 'I can’t find the page');
  await reads(clerk, 'I can’t find the page');
  await write(clerk, 'Page three');
  await reads(guest, 'Page three');
  await assertAccessible(guest.page, 'in the Teams meeting');

  await remove(inTeams, GUEST);
  await isOver(guest, 'outside');
  assert.match(await guest.page.locator('main').innerText(), /taken out of the meeting/);
  await until('the identity to be deleted', 20_000, async () => (await alive(stage)) === 0);
  await clerk.page.goto(`/consultations/${id}`);
  const history = await clerk.page.locator('main').innerText();
  for (const told of [/waits in Teams’ lobby/, /was told that it is recorded/, /agreed to recording/, /code 0\/5000/, /credentials for Teams deleted/]) {
    assert.match(history, told);
  }
});

story('each way in which Teams ends a call is told in a sentence, with another way', async (stage) => {
  const { guest, cloud, link, inTeams, room } = stage;
  await joinAt(inTeams, room);
  await joinAt(guest, link);
  const endings = [
    { code: 0, subCode: 5855, says: /Nobody let you in/ },
    { code: 403, subCode: 5221, says: /does not let guests in/ },
    { code: 404, subCode: 4500, says: /not there any more/ },
    { code: 490, subCode: 4525, says: /network does not reach Teams/ },
    { code: 409, subCode: 40228, says: /another tab/ },
    { code: 412, subCode: 43016, says: /microphone or camera/ },
    { code: 401, subCode: 10009, says: /ran out/ },
    { code: 777, subCode: 12, says: /777\/12/ },
    { code: 0, subCode: 4097, says: /ended the meeting/ },
  ];
  for (const { code, subCode, says } of endings) {
    await part(guest, 'teams-lobby').waitFor();
    cloud.command({ t: 'end', code, subCode });
    await isOver(guest, 'outside');
    assert.match(await guest.page.locator('main').innerText(), says);
    if (code === 490) assert.equal(await part(guest, 'open-in-teams').getAttribute('href').then((href) => new URL(href ?? '').host), 'teams.microsoft.com');
    if (subCode === 4097) break;
    cloud.forget();
    await joinAt(guest, link);
  }
});

story('declined in Teams, and a module that can’t be loaded', async (stage) => {
  const { guest, cloud, link, inTeams, room } = stage;
  await joinAt(inTeams, room);
  await joinAt(guest, link);
  await waiting(inTeams, GUEST).waitFor();
  await decline(inTeams, GUEST);
  await isOver(guest, 'outside');
  assert.match(await guest.page.locator('main').innerText(), /not let in this time/);
  cloud.answerSdk(500);
  await joinAt(guest, link);
  await isOver(guest, 'outside');
  assert.match(await guest.page.locator('main').innerText(), /could not be loaded/);
  await part(guest, 'open-in-teams').waitFor();
});

story('Microsoft does not answer: the guest has a sentence, a second try and another way', async (stage) => {
  const { guest, link, microsoft } = stage;
  await microsoft.fail({ operation: 'identity.create', times: 50, fault: { kind: 'status', status: 401 } });
  await joinAt(guest, link);
  await part(guest, 'teams-unavailable').waitFor();
  await part(guest, 'open-in-teams').waitFor();
  await assertAccessible(guest.page, 'when Microsoft does not answer');
  await microsoft.mend();
  await part(guest, 'teams-again').click();
  await part(guest, 'teams-lobby').waitFor();
});
