import assert from 'node:assert/strict';

import { joinAt, waitInLobby } from '../lib/call.mjs';
import { scenario } from '../lib/scenario.mjs';
import { scheduleSoon } from '../lib/staff.mjs';

const VISITS = 30;

/** What the consultation's history says. @param {import('playwright-core').Page} page @param {string} id */
async function historyOf(page, id) {
  await page.goto(`/consultations/${id}`);
  return page.locator('.columns__side').innerText();
}

scenario('a mail scanner that follows every link, again and again, changes nothing', async ({ app, enter }) => {
  const clerk = await enter('clerk');
  const { id, link } = await scheduleSoon(app, clerk);
  // Now and not after the scheduling, when the link itself was shown: reading twice must give the same.
  await historyOf(clerk.page, id);
  const before = await historyOf(clerk.page, id);

  const paths = ['', '/check', '/cancel', '/rate', '/appointment.ics'].map((path) => `${link}${path}`);
  for (let visit = 0; visit < VISITS; visit += 1) {
    for (const url of paths) {
      const response = await fetch(url, { method: visit % 2 ? 'HEAD' : 'GET', redirect: 'manual' });
      await response.arrayBuffer();
      assert.ok(response.status < 500, `${new URL(url).pathname.split('/').at(-1)}: ${response.status}`);
    }
  }
  // One with a real browser, that runs scripts and leaves at once.
  const scanner = await enter('scanner');
  await scanner.page.goto(link);
  await scanner.page.waitForTimeout(1_500);
  await scanner.page.close();

  assert.equal(await historyOf(clerk.page, id), before);
  const guest = await enter('guest');
  await joinAt(guest, link);
  await waitInLobby(guest);
});

scenario('a link that was never made looks like one that was withdrawn', async ({ app, enter }) => {
  const clerk = await enter('clerk');
  const { id, link } = await scheduleSoon(app, clerk);
  await clerk.page.goto(`/consultations/${id}`);
  await clerk.page.getByRole('button', { name: /^Withdraw all links/ }).click();
  await clerk.page.waitForLoadState();

  const read = async (/** @type {string} */ url) => {
    const response = await fetch(url);
    const text = await response.text();
    return { status: response.status, main: text.match(/<main[\s\S]*<\/main>/)?.[0].replace(/data-hk="[^"]*"/g, '') };
  };
  const secret = /** @type {string} */ (new URL(link).pathname.split('/').at(-1));
  const unknown = link.replace(secret, secret.split('').reverse().join(''));
  assert.deepEqual(await read(link), await read(unknown));
});
