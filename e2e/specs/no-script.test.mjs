import assert from 'node:assert/strict';

import { scenario } from '../lib/scenario.mjs';
import { account, at, errorAt, fillIn, guestLink, idIn, signIn, submit } from '../lib/staff.mjs';

/** Beyond the demonstration's own consultations, which fill the days around now. */
const FAR = (weeks) => at(new Date(Date.now() + weeks * 7 * 24 * 3_600_000));

scenario('scheduling works without JavaScript: mistakes are told at the field, what was typed is kept', async ({ app, enter }) => {
  const clerk = await enter('clerk', { javaScript: false });
  const { page } = clerk;
  await signIn(clerk, account(app, 'clerk'));
  await page.goto('/consultations/new');
  const typed = { guest_name: 'Zoë "Z" <Quint>', guest_email: 'not an address', notes: 'Line one\n</textarea><b>two</b>' };
  await fillIn(page, { service: '*', minutes: '30', ...FAR(6), ...typed });
  await submit(page);

  assert.equal(idIn(page.url()), undefined, 'nothing was scheduled');
  assert.ok(await errorAt(page, 'guest_email'), 'the mistake is told at its field');
  assert.equal(await errorAt(page, 'guest_name'), undefined);
  for (const [name, value] of Object.entries(typed)) {
    assert.equal(await page.locator(`[name=${name}]`).inputValue(), value, `${name} is kept`);
  }
  assert.equal(await page.locator('main b').count(), 0, 'what was typed is text');

  await fillIn(page, { guest_email: 'zoe@example.org' });
  await submit(page);
  const id = idIn(page.url());
  assert.ok(id, `the consultation's page follows, not ${page.url()}`);
  const link = await guestLink(page);

  const guest = await enter('guest', { javaScript: false });
  await guest.page.goto(link);
  assert.match(await guest.page.locator('main').innerText(), /You can join here from/);
});

scenario('a time that is taken is refused with the next free ones', async ({ app, enter }) => {
  const clerk = await enter('clerk', { javaScript: false });
  const { page } = clerk;
  await signIn(clerk, account(app, 'clerk'));
  const when = { service: '*', guest_name: 'Ada', guest_email: 'ada@example.org', minutes: '30', ...FAR(7) };
  await page.goto('/consultations/new');
  await fillIn(page, when);
  await submit(page);
  assert.ok(idIn(page.url()));
  await page.goto('/consultations/new');
  await fillIn(page, when);
  await submit(page);
  assert.equal(idIn(page.url()), undefined);
  assert.match(await page.locator('main').innerText(), /has Ada from .* free again at/);
  assert.ok((await page.locator('[data-test=free-time]').count()) > 0, 'free times are offered');
});
