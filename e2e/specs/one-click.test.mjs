// From the list of the day into the call by one click, and out of it with what came of it.

import assert from 'node:assert/strict';

import { inCall, isOver, joinAt, part, waitInLobby, waiting } from '../lib/call.mjs';
import { seesAndHears } from '../lib/media.mjs';
import { scenario } from '../lib/scenario.mjs';
import { account, scheduleSoon, signIn } from '../lib/staff.mjs';

const [FIRST, SECOND] = ['Ada Okafor', 'Ines Roth'];

scenario('a click on Admit lets in who waits, and what came of it is asked at the end', async ({ app, enter, tell }) => {
  const clerk = await enter('clerk');
  const { id, link } = await scheduleSoon(app, clerk, { guest_name: FIRST });
  const guest = await enter('guest');
  await joinAt(guest, link);
  await waitInLobby(guest);

  await clerk.page.goto('/');
  const item = clerk.page.locator(`[data-consultation="${id}"]`);
  const since = Date.now();
  await item.locator('[data-test=join]', { hasText: 'Admit' }).click();
  await Promise.all([inCall(clerk), inCall(guest)]);
  await Promise.all([seesAndHears(clerk, {}), seesAndHears(guest, {})]);
  tell(`both see and hear ${Date.now() - since} ms after the click on Admit`);

  // Asked once: whoever comes by the room's address, or again, is asked as before.
  await clerk.page.reload();
  await inCall(clerk);
  await part(clerk, 'end').click();
  await part(clerk, 'end-confirm').click();
  await Promise.all([isOver(clerk, 'ended'), isOver(guest, 'ended')]);
  assert.equal(await part(guest, 'over-outcome').count(), 0);
  await part(clerk, 'over-outcome').getByText('Follow-up needed').click();
  await clerk.page.locator('[name=outcome]').fill('Valuation of the house first.');
  await part(clerk, 'over-outcome').getByRole('button', { name: 'Save outcome' }).click();
  await clerk.page.waitForURL(new RegExp(`/consultations/${id}$`));
  await clerk.page.getByText('Saved', { exact: false }).first().waitFor();
  assert.equal(await clerk.page.locator('[name=conclusion]:checked').inputValue(), 'follow_up');
});

scenario('the address of a room alone opens no camera and admits nobody', async ({ app, enter }) => {
  const clerk = await enter('clerk');
  const { id, link } = await scheduleSoon(app, clerk, { guest_name: SECOND });
  const guest = await enter('guest');
  await joinAt(guest, link);
  await waitInLobby(guest);
  await clerk.page.goto(`/consultations/${id}/room#admit`);
  await part(clerk, 'prejoin').waitFor();
  await clerk.page.locator('[data-test=prejoin-join]:not([disabled])').waitFor();
  assert.equal(await part(clerk, 'call').count(), 0);
  await part(clerk, 'prejoin-join').click();
  await inCall(clerk);
  await waiting(clerk, SECOND).waitFor();
  assert.equal(await part(guest, 'call').count(), 0, 'nobody is in before they are let in');
});
