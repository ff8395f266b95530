// The whole story on Microsoft Teams, without Microsoft: the bank's server talks to an emulator of Azure, its page runs the
// module over a fake of the Calling SDK, and the meeting in Teams is one of another Anteroom, with real sound and picture.

import assert from 'node:assert/strict';

import { assertAccessible } from '../lib/axe.mjs';
import { admit, decline, isOver, joinAt, part, reads, remove, seesTiles, waiting, write } from '../lib/call.mjs';
import { seesAndHears } from '../lib/media.mjs';
import { scheduleSoon } from '../lib/staff.mjs';
import { addGuest } from '../lib/stories.mjs';
import { PASTED, TENANT, alive, onTeams, seesMoving } from '../lib/teams-stage.mjs';
import { PATIENCE_MS, until } from '../lib/until.mjs';

const GUEST = 'Ada Okafor';
/** A module or a service that fails is what these are about, and the console calls it an error. */
const expected = [/status of [45]0\d/];

/**
 * A bank, its guest, and the clerk in their Teams client.
 *
 * @param {string} name
 * @param {(stage: any) => Promise<void>} play
 */
function story(name, play) {
  onTeams(name, async (stage) => {
    const { site, teams, enter, meet } = stage;
    const clerk = await enter('clerk');
    const inTeams = await enter('in-teams', { url: teams.url });
    const guest = await enter('guest', { expected });
    const there = await scheduleSoon(teams, inTeams, { guest_name: GUEST });
    meet(() => there.link);
    const { id, link } = await scheduleSoon(site, clerk, { guest_name: GUEST, engine: 'teams', meeting: PASTED });
    await play({ ...stage, clerk, inTeams, guest, id, link, room: `/consultations/${there.id}/room` });
  });
}

/** The guest through the bank's page into Teams, let in there. @param {any} stage */
async function bothIn(stage) {
  await joinAt(stage.inTeams, stage.room);
  await joinAt(stage.guest, stage.link);
  await part(stage.guest, 'teams-lobby').waitFor();
  await admit(stage.inTeams, GUEST);
  await seesTiles(stage.guest, 'camera', 1);
}

story('a pasted link, Teams’ lobby, both see and hear each other, recording announced, agreed, removed, nothing left behind', async (stage) => {
  const { clerk, inTeams, guest, cloud, id, link, room, tell } = stage;
  // The clerk's page says whose meeting it is, and offers the way into it.
  await clerk.page.goto(`/consultations/${id}`);
  assert.ok((await clerk.page.locator('main').innerText()).includes(`Tenant ${TENANT}`));
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
  await clerk.page.getByText('in the Teams lobby').first().waitFor();

  await admit(inTeams, GUEST);
  await seesTiles(guest, 'camera', 1);
  await Promise.all([seesAndHears(inTeams, {}), seesMoving(guest)]);
  cloud.command({ t: 'recording', on: true });
  await part(guest, 'notice-recording').waitFor();
  cloud.command({ t: 'consent' });
  await part(guest, 'agree').click();
  await until('the agreement', PATIENCE_MS, async () => cloud.heard.consented.length > 0);
  await part(guest, 'notice-recording').waitFor();
  cloud.command({ t: 'refresh' });
  await until('a fresh token', PATIENCE_MS, async () => cloud.heard.refreshed.length > 0);
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
  await until('the identity to be deleted', PATIENCE_MS, async () => (await alive(stage)) === 0);
  // Microsoft's answer comes first, its event a moment later.
  const history = await until('the history to tell the deletion', PATIENCE_MS, async () => {
    await clerk.page.goto(`/consultations/${id}`);
    const text = await clerk.page.locator('main').innerText();
    return /credentials for Teams deleted/.test(text) && text;
  });
  for (const told of [/is waiting in the Teams lobby/, /was told that the meeting is recorded/, /agreed to recording/, /code 0\/5000/, /credentials for Teams deleted/]) {
    assert.match(history, told);
  }
});

story('each way in which Teams ends a call is told in a sentence, with another way', async (stage) => {
  const { clerk, guest, cloud, link, inTeams, room } = stage;
  // One person gets only so many identities in ten minutes: the second half happens to somebody else.
  const second = await addGuest(clerk, 'Ben Sato', 'ben.sato@example.org');
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
  for (const [n, { code, subCode, says }] of endings.entries()) {
    await part(guest, 'teams-lobby').waitFor();
    cloud.command({ t: 'end', code, subCode });
    await isOver(guest, 'outside');
    assert.match(await guest.page.locator('main').innerText(), says);
    if (code === 490) assert.equal(await part(guest, 'open-in-teams').getAttribute('href').then((href) => new URL(href ?? '').host), 'teams.microsoft.com');
    if (subCode === 4097) break;
    cloud.forget();
    await joinAt(guest, n < 4 ? link : second);
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
