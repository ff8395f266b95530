// What a message of Teams says, in a real browser: its parser is what reads the HTML, and must do nothing else with it.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { launch } from '../lib/browser.mjs';

const CLIENT = new URL('../../teams-client/', import.meta.url);

/** @type {[string, string][]} */
const MESSAGES = [
  ['<p>Good morning</p>', 'Good morning'],
  ['<div><p>One</p><p>Two &amp; three</p></div>', 'One\nTwo & three'],
  ['first<br>second<br/>third', 'first\nsecond\nthird'],
  ['<ul><li>ID card</li><li>Payslip</li></ul>', 'ID card\nPayslip'],
  ['a&nbsp;b <b>bold</b> <a href="https://example.org/x">a link</a>', 'a b bold a link'],
  ['<p>well <img alt="🙂" itemtype="http://schema.skype.com/Emoji" src="https://statics.example/e.png"></p>', 'well 🙂'],
  ['&lt;b&gt;not bold&lt;/b&gt;', '<b>not bold</b>'],
  ['<script>window.ran = 1</script><style>p{}</style>said', 'said'],
  ['<img src="http://localhost:9/x.png" onerror="window.ran = 1">seen<svg onload="window.ran = 1"></svg>', 'seen'],
  ['<iframe src="http://localhost:9/"></iframe>', ''],
  ['<p>never <b>closed', 'never closed'],
];

test('HTML is read as text, runs nothing and fetches nothing', { timeout: 30_000 }, async () => {
  const { build } = createRequire(new URL('package.json', CLIENT))('esbuild');
  const entry = fileURLToPath(new URL('src/plain.ts', CLIENT));
  const bundle = await build({ entryPoints: [entry], bundle: true, format: 'iife', globalName: 'module', write: false });
  const browser = await launch();
  try {
    const page = await browser.newPage();
    /** @type {string[]} */
    const requests = [];
    page.on('request', (request) => requests.push(request.url()));
    await page.addScriptTag({ content: bundle.outputFiles[0].text });
    for (const [html, text] of MESSAGES) {
      assert.equal(await page.evaluate((html) => window.module.plain(html), html), text, html);
    }
    await page.waitForTimeout(300);
    assert.equal(await page.evaluate(() => window.ran), undefined);
    assert.deepEqual(requests, []);
  } finally {
    await browser.close();
  }
});
