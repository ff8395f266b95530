// The README's picture: a meeting as its host sees it, with somebody in the lobby and a word in the chat.
import { startApp } from '../lib/app.mjs';
import { launch, person } from '../lib/browser.mjs';
import { admit, inCall, joinAt, part, reads, seesTiles, waitInLobby, write } from '../lib/call.mjs';
import { seesAndHears } from '../lib/media.mjs';
import { README_PICTURE } from '../lib/paths.mjs';
import { scheduleSoon } from '../lib/staff.mjs';

const app = await startApp();
const browser = await launch();
try {
  const enter = (/** @type {string} */ who) => person(browser, who, { url: app.url });
  const [host, guest] = [await enter('host'), await enter('guest')];
  const { id, link } = await scheduleSoon(app, host);
  await joinAt(host, `/consultations/${id}/room`);
  await joinAt(guest, link);
  await waitInLobby(guest);
  await admit(host, 'Ada Okafor');
  await inCall(guest);
  await Promise.all([seesAndHears(host, {}), seesAndHears(guest, {})]);
  await seesTiles(host, 'camera', 1);
  await write(guest, 'Good morning! I have the papers here.');
  await reads(host, 'Good morning!');
  await write(host, 'Wonderful. Shall we look at the offer together?');
  await part(host, 'chat-input').evaluate((field) => field.blur());
  await host.page.screenshot({ path: README_PICTURE });
  console.log('docs/picture.png is made.');
} finally {
  await browser.close();
  await app.stop();
}
