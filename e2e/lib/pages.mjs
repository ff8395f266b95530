import { fileURLToPath } from 'node:url';

import { admit, decline, allowAgain, inCall, isOver, joinAt, part, reads, seesTiles, waitInLobby, write } from './call.mjs';
import { seesAndHears } from './media.mjs';
import { PATIENCE_MS, until } from './until.mjs';
import { account, at, fillIn, guestLink, idIn, scheduleSoon, signIn, submit } from './staff.mjs';

/** Teams is on, so that every page shows what it adds; Microsoft is nowhere to be found. */
export const TEAMS = {
  ANTEROOM_TEAMS_CONNECTION_STRING: 'endpoint=http://127.0.0.1:9/;accesskey=QUJD',
  ANTEROOM_TEAMS_TENANT: '72f988bf-86f1-41af-91ab-2d7cd011db47',
  ANTEROOM_TEAMS_CLIENT_ID: 'a17e0000-0000-4000-8000-00000000c11e',
  ANTEROOM_TEAMS_CLIENT_SECRET: 'of a test',
  ANTEROOM_TEAMS_GRAPH: 'on',
  ANTEROOM_TEAMS_LOGIN_URL: 'http://127.0.0.1:9/',
  ANTEROOM_TEAMS_GRAPH_URL: 'http://127.0.0.1:9/',
  ANTEROOM_TEAMS_CLIENT: fileURLToPath(new URL('../../teams-client/dist-fake', import.meta.url)),
};

/** As long as a name may be on a tile, with a part that can't be broken anywhere, and is wider than a phone. */
export const LONG_NAME = 'Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenhaft von Bern';

/** A page to be looked at. @typedef {{ name: string, page: import('playwright-core').Page }} Look */

/**
 * Every page there is, in a state that shows what it can show.
 *
 * @param {import('./app.mjs').App} app with the demonstration's data
 * @param {import('./scenario.mjs').Stage['enter']} enter
 * @returns {AsyncGenerator<Look>}
 */
export async function* everyPage(app, enter) {
  const stranger = await enter('stranger', { expected: [/status of 404/] });
  for (const [name, path] of [
    ['sign-in', '/sign-in'],
    ['setup', '/setup'],
    ['about', '/about'],
    ['not-found', '/nothing-is-here'],
    ['link-unknown', `/j/${'A'.repeat(32)}`],
  ]) {
    await stranger.page.goto(path);
    yield { name, page: stranger.page };
  }

  const admin = await enter('admin');
  const { page } = admin;
  await signIn(admin, account(app, 'admin'));
  for (const [name, path] of [
    ['today', '/'],
    ['consultations', '/consultations'],
    ['consultation-new', '/consultations/new'],
    ['dashboard', '/dashboard'],
    ['account', '/account'],
    ['branches', '/admin/branches'],
    ['services', '/admin/services'],
    ['accounts', '/admin/accounts'],
    ['teams', '/admin/teams'],
    ['jobs', '/admin/jobs'],
  ]) {
    await page.goto(path);
    yield { name, page };
  }
  for (const outcome of ['missed_by_guest', 'missed_by_host', 'missed_technical']) {
    await page.goto(`/consultations?outcome=${outcome}`);
    const links = await page.locator('main a').evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''));
    const one = links.find((href) => /^\/consultations\/\d+$/.test(href));
    if (!one) throw new Error(`The demonstration has no consultation that was ${outcome}.`);
    await page.goto(one);
    yield { name: `consultation-${outcome.replaceAll('_', '-')}`, page };
  }
  const clerk = await enter('clerk');
  const { page: desk } = clerk;
  const { id, link } = await scheduleSoon(app, clerk, { guest_name: LONG_NAME });
  yield { name: 'consultation', page: desk };
  const registration = 'form[action$="/registration"]';
  await desk.locator(`details:has(${registration}) > summary`).click();
  await Promise.all([desk.waitForEvent('framenavigated'), desk.locator(`${registration} button`).click()]);
  const register = await desk.locator('#f-registration-link').inputValue();
  yield { name: 'consultation-registration', page: desk };
  await desk.goto('/consultations/new');
  await fillIn(desk, { guest_name: '', guest_email: 'not an address', date: '' });
  await submit(desk);
  yield { name: 'consultation-new-with-mistakes', page: desk };

  for (const [name, path] of [
    ['consultation-edit', `/consultations/${id}/edit`],
    ['room-prejoin', `/consultations/${id}/room`],
  ]) {
    await desk.goto(path);
    yield { name, page: desk };
  }

  const guest = await enter('guest');
  await guest.page.goto(register);
  await guest.page.locator('[name=email]').fill('no address');
  await submit(guest.page);
  yield { name: 'guest-registration-with-mistakes', page: guest.page };
  await guest.page.goto(link);
  await part(guest, 'prejoin').waitFor();
  yield { name: 'guest-prejoin', page: guest.page };
  await guest.page.goto(`${link}/check`);
  yield { name: 'guest-device-check', page: guest.page };

  await desk.goto('/consultations/new');
  await fillIn(desk, { service: '*', guest_name: 'Mia Roth', guest_email: 'mia@example.org', minutes: '30', ...at(new Date(Date.now() + 9 * 7 * 24 * 3_600_000)) });
  await submit(desk);
  const later = { id: idIn(desk.url()), link: await guestLink(desk) };
  await guest.page.goto(later.link);
  yield { name: 'guest-too-early', page: guest.page };
  await desk.goto(`/consultations/${later.id}/edit`);
  await fillIn(desk, at(new Date(Date.now() + 10 * 7 * 24 * 3_600_000)));
  await submit(desk);
  await guest.page.goto(later.link);
  await guest.page.locator('main .notice').waitFor();
  yield { name: 'guest-moved', page: guest.page };
  await desk.goto(`/consultations/${later.id}`);
  await desk.locator('details:has(form[action$="/cancel"]) > summary').click();
  await desk.locator('[name=reason]').fill('The clerk is ill. We are sorry.');
  await desk.locator('form[action$="/cancel"] button').click();
  await desk.waitForLoadState();
  yield { name: 'consultation-cancelled', page: desk };
  await guest.page.goto(later.link);
  yield { name: 'guest-cancelled', page: guest.page };

  // A meeting, from the lobby to the stars.
  await joinAt(guest, link);
  await waitInLobby(guest);
  yield { name: 'guest-lobby', page: guest.page };
  await joinAt(clerk, `/consultations/${id}/room`);
  await part(clerk, 'waiting-guest').waitFor();
  await decline(clerk, LONG_NAME);
  await isOver(guest, 'declined');
  yield { name: 'guest-over-declined', page: guest.page };
  await guest.page.goto(link);
  yield { name: 'guest-kept-out', page: guest.page };
  await allowAgain(clerk, LONG_NAME);
  await joinAt(guest, link);
  await admit(clerk, LONG_NAME);
  await inCall(guest);
  await Promise.all([seesAndHears(clerk, {}), seesAndHears(guest, {})]);
  await part(clerk, 'share').click();
  await seesTiles(guest, 'screen', 1);
  yield { name: 'call-guest-screen', page: guest.page };
  await write(clerk, 'Can you read the second page? It is the one with the table, https://example.org/a-very-long-address-that-does-not-fit');
  await reads(guest, 'second page');
  yield { name: 'call-guest-chat', page: guest.page };
  yield { name: 'call-host-chat', page: desk };
  await part(guest, 'leave').click();
  await isOver(guest, 'left');
  yield { name: 'guest-over-left', page: guest.page };
  await part(clerk, 'end').click();
  yield { name: 'call-end', page: desk };
  await part(clerk, 'end-confirm').click();
  await part(clerk, 'over').waitFor();
  yield { name: 'room-over', page: desk };
  await guest.page.goto(link);
  await guest.page.locator('form[action$="/rate"]').waitFor();
  yield { name: 'guest-ended', page: guest.page };
  await guest.page.locator('[name=stars][value="4"]').click();
  await guest.page.locator('main [role=status]').waitFor();
  yield { name: 'guest-rated', page: guest.page };

  // A meeting is to be made in the clerk's name, and Microsoft does not answer.
  await page.goto('/admin/accounts');
  const row = page.locator('main tbody tr', { hasText: account(app, 'clerk').email });
  const host = await row.locator('a').innerText();
  await row.locator('a').click();
  await page.locator('[name=entra_id]').fill('a17e0000-0000-4000-8000-0000000000c1');
  await submit(page);
  await page.goto('/consultations/new');
  await fillIn(page, { service: '*', guest_name: 'Mia Roth', guest_email: 'mia@example.org', engine: 'teams', minutes: '30', host, ...at(new Date(Date.now() + 11 * 7 * 24 * 3_600_000)) });
  await submit(page);
  await until('the meeting could not be made', PATIENCE_MS, async () => {
    await page.goto('/admin/jobs');
    return page.locator('[data-test=job-retrying]').first().isVisible();
  });
  yield { name: 'jobs-failed', page };
}
