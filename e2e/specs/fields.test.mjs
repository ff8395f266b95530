import assert from 'node:assert/strict';

import { part } from '../lib/call.mjs';
import { started } from '../lib/disturb.mjs';
import { scenario } from '../lib/scenario.mjs';
import { account, signIn } from '../lib/staff.mjs';

scenario('a password can be shown, the cursor stays, and it is hidden again when it is sent', async ({ app, enter }) => {
  const clerk = await enter('clerk');
  const { page } = clerk;
  await page.goto('/sign-in');
  await started(page);
  const field = page.locator('[name=password]');
  await page.locator('[name=email]').fill(account(app, 'clerk').email);
  await field.fill('not the password');
  await field.evaluate((/** @type {HTMLInputElement} */ input) => input.setSelectionRange(3, 3));
  const cursor = () => field.evaluate((/** @type {HTMLInputElement} */ input) => [input.type, input.selectionStart, document.activeElement === input]);
  const show = part(clerk, 'show-password');
  assert.equal(await show.getAttribute('aria-pressed'), 'false');
  await show.click();
  assert.deepEqual(await cursor(), ['text', 3, true]);
  assert.equal(await show.getAttribute('aria-pressed'), 'true');
  await show.click();
  assert.deepEqual(await cursor(), ['password', 3, true]);
  await show.click();
  // What is sent is a password again, by the time that the browser may offer to keep it.
  await page.evaluate(() => addEventListener('submit', () => sessionStorage.setItem('sent', document.querySelector('[name=password]')?.getAttribute('type') ?? '')));
  await field.press('Enter');
  await page.getByText('Wrong e-mail address or password.').waitFor();
  assert.equal(await page.evaluate(() => sessionStorage.getItem('sent')), 'password');
});

scenario('time zones are offered where somebody comes to choose one', async ({ app, enter }) => {
  const clerk = await enter('clerk');
  const { page } = clerk;
  await signIn(clerk, account(app, 'clerk'));
  await page.goto('/consultations/new');
  await started(page);
  const offered = page.locator('#zones option');
  assert.equal(await offered.count(), 0);
  await page.locator('[name=guest_zone]').focus();
  await offered.nth(400).waitFor({ state: 'attached' });
  const zones = await offered.evaluateAll((options) => options.map((option) => /** @type {HTMLOptionElement} */ (option).value));
  assert.ok(zones.includes('Tokyo (UTC+9)') && !zones.some((zone) => zone.startsWith('Asmera')), zones.join(', '));
  // A click takes what stands there, so that the list is not that of one city.
  const zone = page.locator('[name=zone]');
  await zone.click();
  await page.keyboard.type('New York');
  assert.equal(await zone.inputValue(), 'New York');
});
