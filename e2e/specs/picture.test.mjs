import { join } from 'node:path';

import { admit, inCall, joinAt, part, reads, seesTiles, waitInLobby, write } from '../lib/call.mjs';
import { seesAndHears } from '../lib/media.mjs';
import { OUT } from '../lib/paths.mjs';
import { scenario } from '../lib/scenario.mjs';
import { scheduleSoon } from '../lib/staff.mjs';

// Of every run, so that it shows what was tested; `cargo xtask shots` takes it over as docs/picture.png.
scenario("the README's picture: a meeting as its host sees it, with a word in the chat", async ({ app, enter, tell }) => {
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
  await host.keepPicture('picture.png');
  tell(`${join(OUT, 'picture.png')} is made`);
});
