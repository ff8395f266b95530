// A meeting on Teams beyond coming and going: its chat, what is announced, captions and hands, a network that is gone for a
// while, and coming again.

import assert from 'node:assert/strict';

import { admit, inCall, isOver, joinAt, part, reads, seesTiles, write } from '../lib/call.mjs';
import { seesAndHears } from '../lib/media.mjs';
import { UNPLUGGED, network } from '../lib/network.mjs';
import { exported } from '../lib/stories.mjs';
import { scheduleSoon } from '../lib/staff.mjs';
import { PASTED, onTeams } from '../lib/teams-stage.mjs';

const GUEST = 'Ada Okafor';

/**
 * Two in Teams: the clerk there, and the guest who came through the site.
 *
 * @param {import('../lib/teams-stage.mjs').TeamsStage} stage
 * @param {object} [options]
 * @param {string} [options.meeting] as the clerk pastes it
 * @param {(guest: import('../lib/browser.mjs').Person, link: string) => Promise<void>} [options.arrives]
 * @param {Parameters<typeof import('../lib/browser.mjs').person>[2]} [options.guest]
 * @param {(link: string) => string} [options.through] where the guest's link leads
 */
async function inTeamsTogether(stage, { meeting = PASTED, arrives = async () => {}, guest: more = {}, through = (link) => link } = {}) {
  const inTeams = await stage.enter('in-teams', { url: stage.teams.url });
  const clerk = await stage.enter('clerk');
  const guest = await stage.enter('guest', more);
  const there = await scheduleSoon(stage.teams, inTeams, { guest_name: GUEST });
  /** @type {string[]} */
  const asked = [];
  stage.meet((place) => {
    asked.push(place);
    return there.link;
  });
  const { id, link } = await scheduleSoon(stage.site, clerk, { guest_name: GUEST, engine: 'teams', meeting });
  await joinAt(inTeams, `/consultations/${there.id}/room`);
  await joinAt(guest, through(link));
  await part(guest, 'teams-lobby').waitFor();
  await arrives(guest, link);
  await admit(inTeams, GUEST);
  await seesTiles(guest, 'camera', 1);
  return { inTeams, clerk, guest, id, link, asked };
}

onTeams(
  'the meeting’s own chat, and where it is closed to guests the site’s carries on',
  async (stage) => {
    const { inTeams, clerk, guest, id } = await inTeamsTogether(stage);
    await joinAt(clerk, `/consultations/${id}/room`, { devices: false });
    await part(clerk, 'teams-host').waitFor();
    await write(guest, 'Which page is it?');
    await reads(inTeams, 'Which page is it?');
    await write(inTeams, 'Page three');
    await reads(guest, 'Page three');

    stage.cloud.command({ t: 'chat', status: 403 });
    await guest.page.waitForTimeout(1_000);
    await write(guest, 'And the last one?');
    await guest.page.getByText(/not open to you/).first().waitFor();
    await write(guest, 'Can you read this?');
    await reads(clerk, 'Can you read this?');
    await write(clerk, 'Yes, here');
    await reads(guest, 'Yes, here');
  },
  { env: { ANTEROOM_TEAMS_CHAT: 'on' } },
);

onTeams('what is transcribed is announced, captions are shown, hands go up', async (stage) => {
  const { clerk, guest, id } = await inTeamsTogether(stage);
  const { cloud } = stage;
  assert.equal(await part(guest, 'notice-transcription').count(), 0);
  cloud.command({ t: 'transcription', on: true });
  await part(guest, 'notice-transcription').waitFor();
  assert.equal(await part(guest, 'notice-recording').count(), 0);

  await part(guest, 'captions').click();
  cloud.command({ t: 'caption', speaker: 'Anna Keller', text: 'Good mor', final: false });
  cloud.command({ t: 'caption', speaker: 'Anna Keller', text: 'Good morning', final: true });
  await part(guest, 'caption-lines').filter({ hasText: 'Good morning' }).waitFor();

  await part(guest, 'hand').click();
  await guest.page.locator('[data-test=hand][aria-pressed=true]').waitFor();
  await part(guest, 'hand').click();
  await guest.page.locator('[data-test=hand][aria-pressed=false]').waitFor();
  cloud.command({ t: 'hand', up: true });
  await part(guest, 'people-toggle').click();
  await part(guest, 'person').filter({ hasText: '✋' }).waitFor();

  cloud.command({ t: 'transcription', on: false });
  await part(guest, 'notice-transcription').waitFor({ state: 'detached' });
  const shown = (await exported(clerk, id)).filter(({ kind }) => kind === 'notice_shown').map(({ data }) => JSON.parse(data).notice);
  assert.deepEqual(shown, ['transcription']);
});

onTeams('by meeting ID and passcode, which the other way shows as well', async (stage) => {
  const { asked, guest } = await inTeamsTogether(stage, {
    meeting: 'Meeting ID: 234 567 890 123\nPasscode: aB3dEf',
    arrives: async (arriving) => {
      assert.match(await part(arriving, 'teams-lobby').innerText(), /aB3dEf/);
    },
  });
  assert.deepEqual(asked, ['234567890123']);
  await seesAndHears(guest, {});
});

onTeams('a network to the site that is gone for seconds costs nobody the Teams meeting', async (stage) => {
  const cable = await network(stage.site.url);
  try {
    const { inTeams, clerk, guest, id } = await inTeamsTogether(stage, {
      guest: { url: cable.url, expected: UNPLUGGED },
      through: (link) => link.replace(stage.site.url, cable.url),
    });
    await Promise.all([seesAndHears(inTeams, {}), seesAndHears(guest, {})]);
    await cable.unplug(guest, { media: false });
    await part(guest, 'reconnecting').waitFor();
    await Promise.all([seesAndHears(inTeams, {}), seesAndHears(guest, {})]);
    await cable.plugIn(guest, { media: false });
    await part(guest, 'reconnecting').waitFor({ state: 'detached' });
    await Promise.all([seesAndHears(inTeams, {}), seesAndHears(guest, {})]);
    await seesTiles(inTeams, 'camera', 1);
    await joinAt(clerk, `/consultations/${id}/room`, { devices: false });
    await write(guest, 'I am still here');
    await reads(clerk, 'I am still here');
    const minted = (await exported(clerk, id)).filter(({ kind }) => kind === 'identity_minted');
    assert.equal(minted.length, 1, 'the same stay, with the same credentials');
  } finally {
    cable.remove();
  }
});

onTeams('who joins again is told again that it is recorded', async (stage) => {
  const { inTeams, clerk, guest, id } = await inTeamsTogether(stage);
  const { cloud } = stage;
  cloud.command({ t: 'recording', on: true });
  await part(guest, 'notice-recording').waitFor();
  await part(guest, 'leave').click();
  await isOver(guest, 'left');
  await seesTiles(inTeams, 'camera', 0);
  await part(guest, 'again').click();
  await part(guest, 'prejoin').or(part(guest, 'teams-lobby')).first().waitFor();
  if ((await part(guest, 'prejoin').count()) > 0) await part(guest, 'prejoin-join').click();
  await part(guest, 'teams-lobby').waitFor();
  await admit(inTeams, GUEST);
  await inCall(guest);
  await seesTiles(guest, 'camera', 1);
  await part(guest, 'notice-recording').waitFor();
  await Promise.all([seesAndHears(inTeams, {}), seesAndHears(guest, {})]);
  const shown = (await exported(clerk, id)).filter(({ kind }) => kind === 'notice_shown');
  assert.equal(new Set(shown.map(({ visit }) => visit)).size, 2, 'it is written down for either stay');
});
