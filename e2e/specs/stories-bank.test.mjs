// The bank: a mortgage consultation between two. Scheduled, joined on a phone, seen and heard, written, shown, ended, rated,
// noted, and counted; on the engine of this site, and in the clerk's Teams meeting.

import assert from 'node:assert/strict';

import { PHONE } from '../lib/browser.mjs';
import { admit, inCall, isOver, joinAt, part, reads, seesTiles, waitInLobby, write } from '../lib/call.mjs';
import { cutOff, seesAndHears } from '../lib/media.mjs';
import { scenario } from '../lib/scenario.mjs';
import { exported, figures, noteOutcome, rate } from '../lib/stories.mjs';
import { scheduleSoon } from '../lib/staff.mjs';
import { PASTED, alive, onTeams } from '../lib/teams-stage.mjs';
import { PATIENCE_MS, until } from '../lib/until.mjs';

const GUEST = 'Amara Eze-Lindqvist';
const CALL = { service: 'Mortgage advice', guest_name: GUEST, guest_email: 'amara@example.org', notes: 'Wants to buy in spring.' };

/**
 * @param {object} cast
 * @param {import('../lib/app.mjs').App} cast.site
 * @param {import('../lib/browser.mjs').Person} cast.clerk at the pages of the bank
 * @param {import('../lib/browser.mjs').Person} cast.speaker the clerk where they speak: there, or in Teams
 * @param {import('../lib/browser.mjs').Person} cast.guest
 * @param {import('../lib/browser.mjs').Person} cast.admin
 * @param {{ id: string, link: string }} cast.booked
 * @param {() => Promise<void>} cast.waits the guest waits, in whichever lobby it is
 * @param {() => Promise<void>} cast.goesIn the clerk, where they speak
 */
async function consultation({ site, clerk, speaker, guest, admin, booked: { id, link }, waits, goesIn }) {
  const before = await figures(site, admin);
  await joinAt(guest, link);
  await waits();
  // The clerk is told on whichever page they are.
  await clerk.page.goto('/');
  await part(clerk, 'waiting-count').first().waitFor();
  await goesIn();
  await admit(speaker, GUEST);
  await inCall(guest);
  await seesTiles(guest, 'camera', 1);
  await Promise.all([seesAndHears(speaker, {}), seesAndHears(guest, {})]);
  for (const who of [speaker, guest]) {
    const cut = await cutOff(who);
    assert.ok(cut <= 0.22, `${Math.round(cut * 100)} % of a face are cut off at ${who.name}`);
  }

  // What was noted when it was scheduled is at hand.
  await part(clerk, 'people-toggle').click();
  await part(clerk, 'notes').getByText('Wants to buy in spring.').waitFor();
  await write(clerk, 'Do you have the offer at hand?');
  await reads(guest, 'Do you have the offer at hand?');
  await write(guest, 'Yes, <i>page 3</i>');
  await reads(clerk, 'Yes, <i>page 3</i>');

  await part(speaker, 'share').click();
  await seesTiles(guest, 'screen', 1);
  // On a phone the chat lies over it, and says so.
  await part(guest, 'show-screen').click();
  await part(guest, 'panel').waitFor({ state: 'detached' });
  await seesAndHears(guest, { videos: 2 });
  await part(speaker, 'share').click();
  await seesTiles(guest, 'screen', 0);

  await part(clerk, 'end').click();
  await part(clerk, 'end-confirm').click();
  await isOver(guest, 'ended');
  await rate(guest, 'Very good');
  await noteOutcome(clerk, id, 'Offer of 3.2 % sent. Next: valuation of the house.');
  await before.haveCounted(GUEST, [/Rated 5 of 5/, /rated it 5 of 5/, /noted the outcome/, /was admitted/, /Live: both sides are in/]);
  const kinds = (await exported(admin, id)).map(({ kind }) => kind);
  for (const kind of ['scheduled', 'invited', 'arrived', 'admitted', 'media_joined', 'went_live', 'ended', 'rated', 'outcome_noted']) {
    assert.ok(kinds.includes(kind), `${kind} is among ${kinds.join(', ')}`);
  }
}

scenario('a bank’s mortgage consultation on its own site, the customer on a phone', async ({ app, enter }) => {
  const clerk = await enter('clerk');
  const booked = await scheduleSoon(app, clerk, CALL);
  const guest = await enter('guest', { viewport: PHONE });
  await consultation({
    site: app,
    clerk,
    speaker: clerk,
    guest,
    admin: await enter('admin'),
    booked,
    waits: () => waitInLobby(guest),
    goesIn: () => joinAt(clerk, `/consultations/${booked.id}/room`),
  });
});

onTeams('a bank’s mortgage consultation in the clerk’s Teams meeting, the customer on a phone', async (stage) => {
  const { site, teams, enter, meet } = stage;
  const speaker = await enter('in-teams', { url: teams.url });
  const there = await scheduleSoon(teams, speaker, CALL);
  meet(() => there.link);
  const clerk = await enter('clerk');
  const booked = await scheduleSoon(site, clerk, { ...CALL, engine: 'teams', meeting: PASTED });
  const guest = await enter('guest', { viewport: PHONE });
  await consultation({
    site,
    clerk,
    speaker,
    guest,
    admin: await enter('admin'),
    booked,
    waits: () => part(guest, 'teams-lobby').waitFor(),
    goesIn: async () => {
      await joinAt(speaker, `/consultations/${there.id}/room`);
      await joinAt(clerk, `/consultations/${booked.id}/room`, { devices: false });
      await part(clerk, 'teams-host').waitFor();
    },
  });
  await until('the identity to be deleted', PATIENCE_MS, async () => (await alive(stage)) === 0);
});
