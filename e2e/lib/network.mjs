import { connect, createServer } from 'node:net';

/** What the browser says of it in its console. */
export const UNPLUGGED = [/net::ERR_[A-Z_]+/, /WebSocket connection to '[^']*' failed/];

/**
 * A network between one person and the server, which can be unplugged: then nothing goes in or out any more, and nobody
 * is told. (A browser's own "offline" leaves open sockets alone.)
 *
 * @typedef {object} Network
 * @property {string} url what the server is called on this side of it
 * @property {(who: import('./browser.mjs').Person) => Promise<void>} carry to be called before they join
 * @property {(who: import('./browser.mjs').Person, lost?: Lost) => Promise<void>} unplug
 * @property {(who: import('./browser.mjs').Person, lost?: Lost) => Promise<void>} plugIn
 * @property {() => void} remove
 */

/** @typedef {{ media?: boolean }} Lost false: what goes past this network, to a meeting elsewhere, is not lost with it */

/** @param {string} server its address @returns {Promise<Network>} */
export async function network(server) {
  const { hostname, port } = new URL(server);
  /** @type {Set<import('node:net').Socket>} */
  const sockets = new Set();
  let plugged = true;
  const own = (/** @type {import('node:net').Socket} */ socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    if (!plugged) socket.pause();
  };
  const proxy = createServer({ allowHalfOpen: false }, (near) => {
    const far = connect(Number(port), hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ]) {
      own(from);
      // Not `pipe`, which would go on by itself after a pause.
      from.on('data', (bytes) => to.write(bytes));
      from.on('close', () => to.destroy());
    }
  });
  await new Promise((resolve) => proxy.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port: near } = /** @type {import('node:net').AddressInfo} */ (proxy.address());

  return {
    url: `http://localhost:${near}`,
    carry: (who) => loseMedia(who, 0),
    async unplug(who, { media = true } = {}) {
      plugged = false;
      for (const socket of sockets) socket.pause();
      if (media) await loseMedia(who, 100);
    },
    async plugIn(who, { media = true } = {}) {
      plugged = true;
      for (const socket of sockets) socket.resume();
      if (media) await loseMedia(who, 0);
    },
    remove() {
      proxy.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** @type {WeakMap<import('playwright-core').Page, import('playwright-core').CDPSession>} */
const sessions = new WeakMap();

/**
 * Media goes past the proxy. Chromium lets the conditions of a page's media change only where it had some when the media
 * began; the throughput is that condition.
 *
 * @param {import('./browser.mjs').Person} who
 * @param {number} packetLoss in percent
 */
async function loseMedia({ page, context }, packetLoss) {
  const session = sessions.get(page) ?? (await context.newCDPSession(page));
  sessions.set(page, session);
  await session.send('Network.enable');
  const plenty = { latency: 0, downloadThroughput: 1e9, uploadThroughput: 1e9, packetQueueLength: 0 };
  await session.send('Network.emulateNetworkConditions', { offline: false, ...plenty, packetLoss });
}
