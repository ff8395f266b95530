import { admit, inCall, joinAt, reads, seesTiles, waitInLobby, write } from '../lib/call.mjs';
import { seesAndHears } from '../lib/media.mjs';
import { promise } from '../lib/promise.mjs';
import { scenario } from '../lib/scenario.mjs';
import { scheduleSoon } from '../lib/staff.mjs';

const PROMISE_MS = 5_000;

scenario('a reload is back in the same seat, without a ghost and with the chat', async ({ app, enter, tell }) => {
  const host = await enter('host');
  const { id, link } = await scheduleSoon(app, host);
  const guest = await enter('guest');
  await joinAt(host, `/consultations/${id}/room`);
  await joinAt(guest, link);
  await waitInLobby(guest);
  await admit(host, 'Ada Okafor');
  await inCall(guest);
  await Promise.all([seesAndHears(host, {}), seesAndHears(guest, {})]);
  await write(host, 'Are you still there?');
  await reads(guest, 'Are you still there?');

  for (const [who, other] of [
    [guest, host],
    [host, guest],
  ]) {
    const started = performance.now();
    await who.page.reload();
    await inCall(who);
    await seesAndHears(who, {});
    const took = Math.round(performance.now() - started);
    tell(`${who.name} sees and hears again ${promise(took, PROMISE_MS)} after the reload`);
    await seesAndHears(other, {});
    await seesTiles(other, 'camera', 1);
    await reads(who, 'Are you still there?');
  }
});
