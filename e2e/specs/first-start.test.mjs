import assert from 'node:assert/strict';

import { assertAccessible } from '../lib/axe.mjs';
import { started } from '../lib/disturb.mjs';
import { scenario } from '../lib/scenario.mjs';
import { shoot } from '../lib/shots.mjs';

const ADMIN = { name: 'Rosa Admin', email: 'rosa@example.org', password: 'four unrelated quiet words' };

scenario(
  'the first admin is made with the code from the terminal, and with no other',
  async ({ app, enter }) => {
    assert.ok(app.setUpCode, `the code is printed:\n${app.output()}`);
    const admin = await enter('admin');
    const { page } = admin;
    await page.goto('/setup');
    await assertAccessible(page, 'setup');
    assert.deepEqual(await shoot(page, 'setup-first'), []);
    const zone = page.locator('[name=zone]');
    await started(page);
    assert.match(await zone.inputValue(), /^Zurich \(UTC\+[12]\)$/, "the browser's own zone stands there");
    const fill = async (/** @type {string} */ code) => {
      for (const [name, value] of Object.entries({ ...ADMIN, code })) await page.locator(`[name=${name}]`).fill(value);
      await zone.fill('new york');
      await page.locator('main form button[type=submit]').click();
      await page.waitForLoadState();
    };
    await fill('not-the-code');
    assert.equal(new URL(page.url()).pathname, '/setup');
    assert.equal(await page.locator('[name=name]').inputValue(), ADMIN.name, 'what was typed is kept');
    await fill(/** @type {string} */ (app.setUpCode));
    await page.waitForURL((url) => url.pathname !== '/setup');
    const again = await enter('somebody else', { expected: [/status of 40[0-9]/] });
    await again.page.goto('/setup');
    assert.equal(await again.page.locator('[name=code]').count(), 0, 'the page is closed afterwards');
  },
  { demo: false },
);
