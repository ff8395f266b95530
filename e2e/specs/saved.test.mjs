import assert from 'node:assert/strict';

import { scenario } from '../lib/scenario.mjs';
import { account, fillIn, signIn, submit } from '../lib/staff.mjs';

/** The notice that reads itself out. @param {import('../lib/browser.mjs').Person} who */
const said = ({ page }) => page.locator('main [role=status]', { hasText: 'Saved.' });

for (const javaScript of [true, false]) {
  scenario(`what was saved is said once, ${javaScript ? 'with' : 'without'} scripts`, async ({ app, enter }) => {
    const admin = await enter('admin', { javaScript });
    const { page } = admin;
    await signIn(admin, account(app, 'admin'));
    await page.goto('/admin/branches');
    await page.locator('main tbody a').first().click();
    await page.waitForURL(/\/admin\/branches\/\d+$/);
    assert.equal(await said(admin).count(), 0);
    await fillIn(page, { opens: '07:30' });
    await submit(page);
    await page.waitForURL(/\/admin\/branches$/);
    await said(admin).waitFor();
    assert.equal(new URL(page.url()).search, '');

    // Neither on the page that comes next, nor where this one is shown again.
    await page.locator('main tbody a').first().click();
    await page.waitForURL(/\/admin\/branches\/\d+$/);
    await page.locator('main form.form').waitFor();
    assert.equal(await said(admin).count(), 0);
    await page.goto('/admin/branches');
    await page.locator('main table').waitFor();
    assert.equal(await said(admin).count(), 0);
  });
}
