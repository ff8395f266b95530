import assert from 'node:assert/strict';

import { inspect } from '../lib/axe.mjs';
import { DESK, PHONE } from '../lib/browser.mjs';
import { started } from '../lib/disturb.mjs';
import { inCall, joinAt, part, waitInLobby } from '../lib/call.mjs';
import { LONG_NAME, TEAMS, everyPage } from '../lib/pages.mjs';
import { scenario } from '../lib/scenario.mjs';
import { account, at, fillIn, guestLink, scheduleSoon, signIn, submit } from '../lib/staff.mjs';
import { PATIENCE_MS, until } from '../lib/until.mjs';
import { FIRST_BYTES, firstBytes, table, weigh } from '../lib/weight.mjs';

/** Some fifty pages, each looked at four times. */
const PAGES_LIMIT_MS = 1_500_000;

scenario('every page fits a phone and a desk, and axe finds nothing on it in light or dark', async ({ app, enter, tell }) => {
  /** @type {string[]} */
  const troubles = [];
  let last = 'the start';
  try {
    for await (const { name, page } of everyPage(app, enter)) {
      last = name;
      // Where it is not, our own markup is not what a browser makes of it.
      if ((await started(page)) !== 'taken-over') troubles.push(`${name}: the markup was not taken over`);
      troubles.push(...(await inspect(page, name)));
    }
  } catch (error) {
    // What was found on the pages before counts as well.
    troubles.push(`After ${last}: ${error.message}`);
  }
  tell(`the last page that was looked at: ${last}`);
  assert.equal(troubles.join('\n'), '');
}, { env: TEAMS, limit: PAGES_LIMIT_MS });

scenario('axe finds nothing in the lobby and in the meeting, and a phone keeps who waits and the controls in sight', async ({ app, enter }) => {
  const host = await enter('host');
  const { id, link } = await scheduleSoon(app, host, { guest_name: LONG_NAME });
  const guest = await enter('guest');
  await joinAt(guest, link);
  await waitInLobby(guest);
  await joinAt(host, `/consultations/${id}/room`);
  await part(host, 'waiting-guest').waitFor();
  const found = [...(await inspect(guest.page, 'lobby')), ...(await inspect(host.page, 'call-waiting'))];
  for (const toggle of ['chat-toggle', 'people-toggle', 'settings-toggle', 'help-toggle']) {
    await part(host, toggle).click();
    found.push(...(await inspect(host.page, `call-${toggle}`)));
    await host.page.setViewportSize(PHONE);
    for (const name of ['admit', 'panel-close', 'mute', 'leave', 'end']) found.push(...(await hidden(host, name, toggle)));
    await host.page.setViewportSize(DESK);
  }
  assert.deepEqual(found, []);
});

/** A screen of 1280 × 1024 whose page is enlarged to four times its size (WCAG 1.4.10). */
const ENLARGED = { width: 320, height: 256 };

scenario('enlarged to 400 %, every button of the meeting can be reached, and something is left to look at', async ({ app, enter }) => {
  const host = await enter('host');
  const { id, link } = await scheduleSoon(app, host, { guest_name: LONG_NAME });
  const guest = await enter('guest');
  await joinAt(guest, link);
  await waitInLobby(guest);
  await joinAt(host, `/consultations/${id}/room`);
  await part(host, 'waiting-guest').waitFor();
  await host.page.setViewportSize(ENLARGED);
  const found = [];
  for (const name of ['admit', 'decline', 'mute', 'people-toggle', 'leave', 'end']) {
    await part(host, name).scrollIntoViewIfNeeded();
    found.push(...(await hidden(host, name, 'enlarging')));
  }
  assert.deepEqual(found, []);
  const { sideways, stage } = await part(host, 'call').evaluate((call) => ({
    sideways: call.scrollWidth - call.clientWidth,
    stage: call.querySelector('.call-grid')?.clientHeight ?? 0,
  }));
  assert.equal(sideways, 0, 'one way to scroll');
  assert.ok(100 <= stage, `${stage} px are left for the pictures`);
});

scenario('the labels under the buttons can be switched off, and stay off', async ({ app, enter }) => {
  const host = await enter('host');
  const { id } = await scheduleSoon(app, host);
  await joinAt(host, `/consultations/${id}/room`);
  await inCall(host);
  const label = part(host, 'mute').locator('.control__label');
  const isSeen = async () => 10 < ((await label.boundingBox())?.width ?? 0);
  assert.equal(await label.innerText(), 'Mute');
  assert.ok(await isSeen());
  await part(host, 'settings-toggle').click();
  await part(host, 'labels').uncheck();
  for (const when of ['now', 'after a reload']) {
    await until(`no label to be seen ${when}`, PATIENCE_MS, async () => !(await isSeen()));
    await host.page.getByRole('button', { name: 'Mute', exact: true }).waitFor();
    await host.page.reload();
    await inCall(host);
  }
});

/**
 * What lies over the middle of a button, if something does.
 *
 * @param {import('../lib/browser.mjs').Person} who
 * @param {string} name
 * @param {string} when
 */
async function hidden(who, name, when) {
  const over = await part(who, name).evaluate((button) => {
    const { left, top, width, height } = button.getBoundingClientRect();
    const there = document.elementFromPoint(left + width / 2, top + height / 2);
    return button.contains(there) ? '' : (there?.outerHTML.slice(0, 80) ?? 'the edge of the screen');
  });
  return over ? [`after ${when}, ${name} lies behind ${over}`] : [];
}

scenario('a guest can read and act after 60 kB', async ({ app, enter, tell }) => {
  const clerk = await enter('clerk');
  const { link } = await scheduleSoon(app, clerk);
  await clerk.page.goto('/consultations/new');
  await fillIn(clerk.page, { service: '*', guest_name: 'Mia Roth', guest_email: 'mia@example.org', ...at(new Date(Date.now() + 9 * 7 * 24 * 3_600_000)) });
  await submit(clerk.page);
  const early = await guestLink(clerk.page);
  const guest = await enter('guest');
  /** @type {[string, import('../lib/weight.mjs').Weight][]} */
  const guests = [
    ['/j/… open', await weigh(guest.context, link)],
    ['/j/… too early', await weigh(guest.context, early)],
  ];
  const rows = [...guests];
  for (const path of ['/', '/consultations', '/consultations/new', '/account']) {
    rows.push([path, await weigh(clerk.context, `${app.url}${path}`)]);
  }
  const admin = await enter('admin');
  await signIn(admin, account(app, 'admin'));
  rows.push(['/dashboard', await weigh(admin.context, `${app.url}/dashboard`)]);
  rows.push(['/sign-in', await weigh(guest.context, `${app.url}/sign-in`)]);
  for (const line of table(rows).split('\n')) tell(line);
  for (const [name, weight] of guests) {
    const bytes = firstBytes(weight);
    tell(`${name}: ${bytes} bytes before it can be read and acted on; ${weight.script} of scripts and ${weight.wasm} of wasm come after`);
    assert.ok(bytes <= FIRST_BYTES, `${name}: ${bytes} bytes before the scripts; at most ${FIRST_BYTES} are allowed`);
    assert.ok(weight.wasm > 0, 'the browser part is in this binary');
  }
});
