import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';

import { assertAccessible, violations } from '../lib/axe.mjs';
import { joinAt, part, waitInLobby } from '../lib/call.mjs';
import { everyPage } from '../lib/pages.mjs';
import { scenario } from '../lib/scenario.mjs';
import { shoot } from '../lib/shots.mjs';
import { account, scheduleSoon, signIn } from '../lib/staff.mjs';
import { FIRST_BYTES, firstBytes, table, weigh } from '../lib/weight.mjs';

/** Teams is on, so that every page shows what it adds; nothing on these pages asks Microsoft for anything. */
const TEAMS = {
  ANTEROOM_TEAMS_CONNECTION_STRING: 'endpoint=http://127.0.0.1:9/;accesskey=QUJD',
  ANTEROOM_TEAMS_CLIENT: fileURLToPath(new URL('../../teams-client/dist-fake', import.meta.url)),
};

scenario('every page fits a phone and a desk, and axe finds nothing on it in light or dark', async ({ app, enter, tell }) => {
  /** @type {string[]} */
  const troubles = [];
  let last = 'the start';
  try {
    for await (const { name, page } of everyPage(app, enter)) {
      last = name;
      troubles.push(...(await shoot(page, name)));
      await assertAccessible(page, name).catch((error) => troubles.push(error.message));
    }
  } catch (error) {
    // What was found on the pages before counts as well.
    troubles.push(`After ${last}: ${error.message}`);
  }
  tell(`the last page that was looked at: ${last}`);
  assert.equal(troubles.join('\n'), '');
}, { env: TEAMS });

scenario('axe finds nothing in the lobby and in the meeting', async ({ app, enter }) => {
  const host = await enter('host');
  const { id, link } = await scheduleSoon(app, host);
  const guest = await enter('guest');
  await joinAt(guest, link);
  await waitInLobby(guest);
  await joinAt(host, `/consultations/${id}/room`);
  await part(host, 'waiting-guest').waitFor();
  const found = [...(await shoot(guest.page, 'lobby')), ...(await shoot(host.page, 'call-waiting'))];
  found.push(...(await violations(guest.page)), ...(await violations(host.page)));
  for (const toggle of ['chat-toggle', 'people-toggle', 'settings-toggle', 'help-toggle']) {
    await part(host, toggle).click();
    found.push(...(await violations(host.page)), ...(await shoot(host.page, `call-${toggle}`)));
  }
  assert.deepEqual(found, []);
});

scenario('a guest can read and act after 60 kB', async ({ app, enter, tell }) => {
  const clerk = await enter('clerk');
  const { link } = await scheduleSoon(app, clerk);
  const guest = await enter('guest');
  /** @type {[string, import('../lib/weight.mjs').Weight][]} */
  const rows = [['/j/<secret>', await weigh(guest.context, link)]];
  for (const path of ['/', '/consultations', '/consultations/new', '/account']) {
    rows.push([path, await weigh(clerk.context, `${app.url}${path}`)]);
  }
  const admin = await enter('admin');
  await signIn(admin, account(app, 'admin'));
  rows.push(['/dashboard', await weigh(admin.context, `${app.url}/dashboard`)]);
  rows.push(['/sign-in', await weigh(guest.context, `${app.url}/sign-in`)]);
  for (const line of table(rows).split('\n')) tell(line);
  const bytes = firstBytes(rows[0][1]);
  assert.ok(bytes <= FIRST_BYTES, `${bytes} bytes before the scripts; at most ${FIRST_BYTES} are allowed`);
  assert.ok(rows[0][1].wasm > 0, 'the browser part is in this binary');
});
