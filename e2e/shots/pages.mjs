// Pictures of every page into e2e/out, without judging them.
import { startApp } from '../lib/app.mjs';
import { launch, person } from '../lib/browser.mjs';
import { everyPage } from '../lib/pages.mjs';
import { shoot } from '../lib/shots.mjs';

const app = await startApp();
const browser = await launch();
try {
  for await (const { name, page } of everyPage(app, (who, options) => person(browser, who, { url: app.url, ...options }))) {
    const misfits = await shoot(page, name);
    console.log([name, ...misfits].join('\n  '));
  }
} finally {
  await browser.close();
  await app.stop();
}
