// The clinic: a patient, a relative, and what they agree to.

import assert from 'node:assert/strict';

import { assertAccessible } from '../lib/axe.mjs';
import { PHONE } from '../lib/browser.mjs';
import { admit, inCall, isOver, joinAt, part, remove, seesTiles, waitInLobby, waiting } from '../lib/call.mjs';
import { arriving, hearsNothingFor, seesAndHears, seesNothingFor } from '../lib/media.mjs';
import { scenario } from '../lib/scenario.mjs';
import { addGuest, addService, exported, history } from '../lib/stories.mjs';
import { scheduleSoon } from '../lib/staff.mjs';
import { PASTED, alive, onTeams } from '../lib/teams-stage.mjs';
import { PATIENCE_MS, until } from '../lib/until.mjs';

const PATIENT = 'Elif Demirkan';
const RELATIVE = 'Jonas Demirkan';
const TEXT = 'What you say here is part of your medical record.\nA student of medicine may listen.';
const VISIT = { service: 'Video visit', guest_name: PATIENT, guest_email: 'elif@example.org' };
/** Being told no is no fault of the page, though the console calls it one. */
const expected = [/status of 40[0-9]/];

/**
 * The service, with what its patients agree to; the appointment; and a link for each of the two.
 *
 * @param {import('../lib/app.mjs').App} site
 * @param {import('../lib/browser.mjs').Person} admin
 * @param {import('../lib/browser.mjs').Person} clinician
 * @param {object} [more]
 */
async function appointment(site, admin, clinician, more = {}) {
  await addService(site, admin, { name: VISIT.service, minutes: '15', consent: TEXT });
  const { id, link } = await scheduleSoon(site, clinician, { ...VISIT, ...more });
  return { id, link, second: await addGuest(clinician, RELATIVE, 'jonas@example.org') };
}

/** Who was put out is nowhere. @param {import('../lib/browser.mjs').Person} guest @param {string} link @param {import('../lib/browser.mjs').Person} host */
async function staysOut(guest, link, host) {
  for (const again of [() => guest.page.reload(), () => guest.page.goto(link)]) {
    await again();
    await guest.page.waitForTimeout(1_000);
    for (const place of ['call', 'lobby', 'teams-lobby']) assert.equal(await part(guest, place).count(), 0, place);
  }
  assert.equal(await waiting(host, RELATIVE).count(), 0);
}

/** Who agreed to the service's text, as it is exported. @param {import('../lib/browser.mjs').Person} admin @param {string} id */
async function agreements(admin, id) {
  const lines = (await exported(admin, id)).filter(({ kind }) => kind === 'service_consent_given');
  for (const { at, guest, visit } of lines) {
    assert.ok(Math.abs(Date.now() - Date.parse(at)) < 600_000, `${at} is now`);
    assert.ok(guest && visit, 'it says whose');
  }
  return lines.map(({ data }) => JSON.parse(data).version);
}

scenario('a clinic’s visit with a patient and a relative: agreed to before, each admitted, one removed', async ({ app, enter }) => {
  const admin = await enter('admin');
  const clinician = await enter('clinician');
  const { id, link, second } = await appointment(app, admin, clinician);
  const patient = await enter('patient', { viewport: PHONE });
  const relative = await enter('relative', { expected });
  await joinAt(clinician, `/consultations/${id}/room`);

  // Not without agreeing, and then the sentence is where the box is.
  await joinAt(patient, link);
  await patient.page.locator('#prejoin-consent-error', { hasText: 'I agree' }).waitFor();
  assert.match(await part(patient, 'prejoin-consent').innerText(), /student of medicine/);
  await assertAccessible(patient.page, 'asked to agree');
  await part(patient, 'prejoin-agree').check();
  await part(patient, 'prejoin-join').click();
  await waitInLobby(patient);
  await joinAt(relative, second, { agree: true });
  await waitInLobby(relative);

  await admit(clinician, PATIENT);
  await inCall(patient);
  await Promise.all([seesAndHears(clinician, {}), seesAndHears(patient, {})]);
  assert.equal(await part(relative, 'lobby').count(), 1, 'one is let in, the other waits');
  await admit(clinician, RELATIVE);
  await inCall(relative);
  const both = { videos: 2, audios: 2 };
  await Promise.all([seesAndHears(clinician, both), seesAndHears(patient, both), seesAndHears(relative, both)]);

  await remove(clinician, RELATIVE);
  await isOver(relative, 'removed');
  await Promise.all([seesTiles(clinician, 'camera', 1), seesTiles(patient, 'camera', 1)]);
  await staysOut(relative, second, clinician);
  await seesAndHears(patient, {});

  assert.match(await history(admin, id), /Elif Demirkan agreed to the service’s terms/);
  const versions = await agreements(admin, id);
  assert.equal(versions.length, 2);
  assert.equal(versions[0], versions[1]);
  // Which text that was is kept where the service is.
  await admin.page.goto('/admin/services');
  let found = '';
  for (const href of await admin.page.locator('main table a', { hasText: VISIT.service }).evaluateAll((links) => links.map((link) => link.getAttribute('href')))) {
    await admin.page.goto(href ?? '');
    const text = await admin.page.locator('main').innerText();
    if (text.includes(`Version ${versions[0]},`)) found = text;
  }
  assert.match(found, /A student of medicine may listen/);
});

onTeams('a clinic’s visit on Teams, recorded: nothing of the patient before they agree, nothing of who does not', async (stage) => {
  const { site, teams, cloud, enter, meet } = stage;
  const inTeams = await enter('in-teams', { url: teams.url });
  const there = await scheduleSoon(teams, inTeams, { guest_name: PATIENT });
  const secondThere = await addGuest(inTeams, RELATIVE, 'jonas@example.org');
  meet((_, name) => (name === RELATIVE ? secondThere : there.link));
  const admin = await enter('admin');
  const clinician = await enter('clinician');
  const { id, link, second } = await appointment(site, admin, clinician, { engine: 'teams', meeting: PASTED });
  const patient = await enter('patient', { viewport: PHONE });
  const relative = await enter('relative', { expected });

  // The meeting is recorded, and asks whoever enters.
  cloud.command({ t: 'recording', on: true });
  cloud.command({ t: 'consent' });
  await joinAt(inTeams, `/consultations/${there.id}/room`);
  await joinAt(patient, link, { agree: true });
  await part(patient, 'teams-lobby').waitFor();
  await admit(inTeams, PATIENT);
  await part(patient, 'consent').waitFor();
  await part(patient, 'notice-recording').waitFor();
  await seesTiles(patient, 'camera', 1);
  await seesAndHears(patient, {});
  await assertAccessible(patient.page, 'asked for consent in the meeting');
  await Promise.all([hearsNothingFor(inTeams, 3_000), seesNothingFor(inTeams, 3_000)]);
  const asked = new Date().toISOString();
  await part(patient, 'agree').click();
  await until('Teams to be told', PATIENCE_MS, async () => cloud.heard.consented.length === 1);
  await seesAndHears(inTeams, {});
  await part(patient, 'notice-recording').waitFor();

  // Who does not agree stays, sees and hears, and is neither seen nor heard.
  await joinAt(relative, second, { agree: true });
  await part(relative, 'teams-lobby').waitFor();
  await admit(inTeams, RELATIVE);
  await part(relative, 'consent').waitFor();
  await seesTiles(relative, 'camera', 2);
  await seesAndHears(relative, { videos: 2, audios: 2 });
  assert.deepEqual(await arriving(inTeams, 3_000), { videos: 1, audios: 1 }, 'of the patient, and of nobody else');
  assert.equal(cloud.heard.consented.length, 1);

  // Taken out on our own page: out of the Teams meeting, too.
  await joinAt(clinician, `/consultations/${id}/room`, { devices: false });
  await remove(clinician, RELATIVE);
  await isOver(relative, 'removed');
  await until('one identity to be left', PATIENCE_MS, async () => (await alive(stage)) === 1);
  await part(inTeams, 'people-toggle').click();
  await part(inTeams, 'person').filter({ hasText: PATIENT }).waitFor();
  await until('the relative to be gone there', PATIENCE_MS, async () => (await part(inTeams, 'person').filter({ hasText: RELATIVE }).count()) === 0);
  await staysOut(relative, second, clinician);
  await seesAndHears(patient, {});

  const text = await history(admin, id);
  assert.match(text, /Elif Demirkan agreed to recording/);
  assert.doesNotMatch(text, /Jonas Demirkan agreed to recording/);
  const lines = await exported(admin, id);
  const given = lines.filter(({ kind }) => kind === 'consent_given');
  assert.equal(given.length, 1);
  assert.ok(Date.parse(given[0].at) >= Date.parse(asked) - 5_000, `${given[0].at}, not before ${asked}`);
  assert.ok(Number(JSON.parse(given[0].data).version) > 0, 'with the version of the text');
  assert.ok(lines.some(({ kind, data }) => kind === 'notice_shown' && JSON.parse(data).notice === 'consent_asked'));
  assert.equal((await agreements(admin, id)).length, 2, 'and to the service’s own text, both');
});
