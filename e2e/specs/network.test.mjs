import { admit, inCall, isOver, joinAt, part, reads, seesTiles, waitInLobby, write } from '../lib/call.mjs';
import { arrivals, seesAndHears } from '../lib/media.mjs';
import { UNPLUGGED, network } from '../lib/network.mjs';
import { scenario } from '../lib/scenario.mjs';
import { scheduleSoon } from '../lib/staff.mjs';
import { PATIENCE_MS, until } from '../lib/until.mjs';

const GUEST = 'Ada Okafor';
/** Noticing takes up to 20 s, a seat is kept for a minute, and the page's last attempt may take 20 s more. */
const TOO_LONG = 240_000;

/**
 * A guest behind a network of their own.
 *
 * @param {import('../lib/scenario.mjs').Stage} stage
 * @param {(host: import('../lib/browser.mjs').Person, guest: import('../lib/browser.mjs').Person, link: string, cable: import('../lib/network.mjs').Network, room: string) => Promise<void>} play
 */
async function behindANetwork({ app, enter }, play) {
  const cable = await network(app.url);
  try {
    const host = await enter('host');
    const { id, link } = await scheduleSoon(app, host);
    const guest = await enter('guest', { url: cable.url, expected: UNPLUGGED });
    await cable.carry(guest);
    await play(host, guest, link.replace(app.url, cable.url), cable, `/consultations/${id}/room`);
  } finally {
    cable.remove();
  }
}

/** @param {import('../lib/browser.mjs').Person} guest */
async function seesNothing(guest) {
  const frames = async () => (await arrivals(guest.page)).reduce((sum, arrival) => sum + arrival.frames, 0);
  // What was on its way is still shown.
  await until('no picture to move any more', PATIENCE_MS, async () => {
    const before = await frames();
    await guest.page.waitForTimeout(2_000);
    return (await frames()) === before;
  });
}

scenario('who loses the network for some seconds is told, and is back in the same seat with it', (stage) =>
  behindANetwork(stage, async (host, guest, link, cable, room) => {
    await joinAt(host, room);
    await joinAt(guest, link);
    await waitInLobby(guest);
    await admit(host, GUEST);
    await inCall(guest);
    await Promise.all([seesAndHears(host, {}), seesAndHears(guest, {})]);

    await cable.unplug(guest);
    await seesNothing(guest);
    await part(guest, 'reconnecting').waitFor();
    await seesTiles(host, 'camera', 1);
    await cable.plugIn(guest);
    const started = performance.now();
    const since = () => `${Math.round(performance.now() - started)} ms after the network`;
    await part(guest, 'reconnecting').waitFor({ state: 'detached' });
    stage.tell(`the seat is back ${since()}`);
    await Promise.all([seesAndHears(guest, {}), seesAndHears(host, {})]);
    stage.tell(`sound and picture are back ${since()}`);
    // One person and no ghost, who needs not be let in again.
    await seesTiles(host, 'camera', 1);
    await write(guest, 'I am back');
    await reads(host, 'I am back');
  }),
);

scenario('who waits in the lobby keeps the place while the network is gone', (stage) =>
  behindANetwork(stage, async (host, guest, link, cable, room) => {
    await joinAt(guest, link);
    await waitInLobby(guest);
    await cable.unplug(guest);
    await part(guest, 'reconnecting').waitFor();
    await joinAt(host, room);
    await admit(host, GUEST);
    await cable.plugIn(guest);
    await part(guest, 'call').waitFor();
    await Promise.all([seesAndHears(guest, {}), seesAndHears(host, {})]);
  }),
);

scenario('who loses the network for more than a minute has lost the seat, and asks to come in again', (stage) =>
  behindANetwork(stage, async (host, guest, link, cable, room) => {
    await joinAt(host, room);
    await joinAt(guest, link);
    await waitInLobby(guest);
    await admit(host, GUEST);
    await inCall(guest);
    await seesTiles(host, 'camera', 1);

    await cable.unplug(guest);
    await Promise.all([seesTiles(host, 'camera', 0, TOO_LONG), isOver(guest, 'lost', TOO_LONG)]);
    await cable.plugIn(guest);
    // The seat is gone: the page asks for a new one by itself, with the name and the devices from before.
    await part(guest, 'again').click();
    await waitInLobby(guest);
    await admit(host, GUEST);
    await inCall(guest);
    await Promise.all([seesAndHears(guest, {}), seesAndHears(host, {})]);
    await seesTiles(host, 'camera', 1);
  }),
);
