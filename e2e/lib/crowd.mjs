/**
 * Many seats without many browsers: one page of the site registers, joins and holds the sockets, as each of its visitors'
 * pages does. They carry no media.
 *
 * @typedef {object} Seat
 * @property {string} name
 * @property {string} status
 * @property {any} credentials as they came, without what is secret in them
 * @property {any[]} refused
 * @property {any[]} sends places that the server offers it to send from
 */

/**
 * @param {import('./browser.mjs').Person} crowd
 * @param {string} registration the link
 * @param {string[]} names
 */
export async function takeSeats({ page }, registration, names) {
  if (page.url() !== registration) await page.goto(registration);
  await page.evaluate(async (names) => {
    const seats = (globalThis.seats ??= []);
    const form = (/** @type {object} */ fields) => ({ method: 'POST', body: new URLSearchParams(/** @type {any} */ (fields)) });
    for (const name of names) {
      const registered = await fetch(location.href, form({ name, email: `${name.replace(/\W+/g, '-')}@example.org`.toLowerCase() }));
      const secret = /\/j\/([\w-]+)/.exec(registered.url)?.[1];
      if (!secret) throw new Error(`${name} could not register: ${registered.status}`);
      const joined = await fetch('/api/guest/join', { ...form({ secret, name }), headers: { accept: 'application/json' } });
      if (!joined.ok) throw new Error(`${name} could not join: ${joined.status}`);
      const { token } = await joined.json();
      const seat = { name, status: '', credentials: undefined, refused: [], sends: [], secret };
      seats.push(seat);
      const socket = new WebSocket(`ws://${location.host}/socket/seat`);
      const say = (/** @type {object} */ message) => {
        if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
      };
      seat.say = say;
      socket.onopen = () => say({ t: 'hello', token });
      socket.onmessage = ({ data }) => {
        const message = JSON.parse(data);
        if (message.t === 'room') seat.status = message.you.status;
        if (message.t === 'credentials') seat.credentials = { engine: message.credentials.engine, publish: message.credentials.publish };
        if (message.t === 'refused') seat.refused.push(message);
        if (message.t === 'closed') seat.status = `closed: ${message.why}`;
        if (message.t === 'media' && message.media.m === 'offer') {
          seat.sends = message.media.slots.filter((/** @type {any} */ { way }) => way === 'send');
        }
      };
    }
    let n = 0;
    globalThis.pinging ??= setInterval(() => seats.forEach((seat) => seat.say({ t: 'ping', n: (n += 1) })), 5_000);
  }, names);
}

/** @param {import('./browser.mjs').Person} crowd @returns {Promise<Seat[]>} */
export function seats({ page }) {
  return page.evaluate(() =>
    globalThis.seats.map(({ name, status, credentials, refused, sends }) => ({ name, status, credentials, refused, sends })),
  );
}

/** One of them writes to its socket by hand. @param {import('./browser.mjs').Person} crowd @param {string} name @param {object} message */
export function forge({ page }, name, message) {
  return page.evaluate(({ name, message }) => globalThis.seats.find((seat) => seat.name === name).say(message), { name, message });
}
