import { admit, inCall, joinAt, part, seesTiles, waitInLobby } from '../lib/call.mjs';
import { seesAndHears } from '../lib/media.mjs';
import { promise } from '../lib/promise.mjs';
import { scenario } from '../lib/scenario.mjs';
import { guestLink, scheduleSoon } from '../lib/staff.mjs';

const PROMISE_MS = 2_000;

scenario('three see and hear each other, and the one who comes late at once', async ({ app, enter, tell }) => {
  const host = await enter('host');
  const { id, link } = await scheduleSoon(app, host, { guest_name: 'Ada Okafor' });
  await host.page.getByText('Add a guest', { exact: true }).click();
  await host.page.locator('[name=name]').fill('Ben Sato');
  await host.page.locator('[name=email]').fill('ben.sato@example.org');
  await host.page.getByRole('button', { name: 'Add guest and make a link' }).click();
  await host.page.locator('[data-test=guest-link-field]').waitFor();
  const second = await guestLink(host.page);

  const ada = await enter('Ada');
  await joinAt(host, `/consultations/${id}/room`);
  await joinAt(ada, link);
  await waitInLobby(ada);
  await admit(host, 'Ada Okafor');
  await inCall(ada);
  await Promise.all([seesAndHears(host, {}), seesAndHears(ada, {})]);

  const ben = await enter('Ben');
  await joinAt(ben, second);
  await waitInLobby(ben);
  const started = performance.now();
  await admit(host, 'Ben Sato');
  await inCall(ben);
  const entered = performance.now();
  await seesAndHears(ben, { videos: 1, audios: 0 });
  const first = performance.now();
  tell(`the late one sees a first picture ${promise(first - started, PROMISE_MS)} after "Admit", ${Math.round(first - entered)} ms after the call screen`);

  const both = { videos: 2, audios: 2 };
  await Promise.all([seesAndHears(ben, both), seesAndHears(host, both), seesAndHears(ada, both)]);
  await Promise.all([host, ada, ben].map((who) => seesTiles(who, 'camera', 2)));

  await part(ada, 'leave').click();
  await Promise.all([host, ben].map((who) => seesTiles(who, 'camera', 1)));
  await Promise.all([seesAndHears(ben, {}), seesAndHears(host, {})]);
});
