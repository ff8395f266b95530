// What the fake Calling SDK takes for Microsoft's cloud (teams-client/fake-sdk/README.md): it gives guests seats in a
// meeting of a running Anteroom, and passes on what a test commands.

import { createServer, request as ask } from 'node:http';
import { connect } from 'node:net';

const SECRET = /\/j\/([\w-]+)/;

/**
 * @typedef {object} Cloud
 * @property {(command: object) => void} command for everybody who is in, or comes; with `to`, for the one of that name
 * @property {() => void} forget nobody who comes later hears what was commanded
 * @property {{refreshed: object[], consented: object[]}} heard what the pages told
 * @property {(status: number) => void} answerSdk
 * @property {(server: string) => void} playIn
 * @property {string} socket what pages must be allowed to reach, beside `url`
 * @property {string} url
 * @property {(who: import('../lib/browser.mjs').Person) => Promise<void>} reveal tells somebody's pages where it is
 * @property {() => Promise<void>} close
 */

/**
 * @param {object} options
 * @param {string} [options.behind] the Anteroom whose meeting plays the one in Teams; or told later, by `playIn`
 * @param {(meeting: string, name: string) => any} options.resolve the guest's link there, or how the call ends instead
 *   (`code`, `subCode`); or a promise of either
 * @returns {Promise<Cloud>}
 */
export async function startCloud({ behind, resolve }) {
  /** @type {object[]} */
  let commands = [];
  let sdk = 200;
  const heard = { refreshed: /** @type {object[]} */ ([]), consented: /** @type {object[]} */ ([]) };
  let [url, socket, seats] = ['', '', ''];

  /** @param {URL} at @param {string} body @returns {Promise<[number, unknown]>} */
  async function answer(at, body) {
    const name = at.searchParams.get('name') ?? '';
    switch (at.pathname) {
      case '/sdk':
        return [sdk, {}];
      case '/control':
        return [200, commands.filter((/** @type {any} */ { n, to }) => n > Number(at.searchParams.get('since') ?? 0) && (to ?? name) === name)];
      case '/resolve': {
        const link = await resolve(at.searchParams.get('meeting') ?? '', name);
        if (typeof link !== 'string') return [200, link];
        return [200, { token: await join(seats, link, name), socket: `${socket}/socket/seat` }];
      }
      case '/refreshed':
      case '/consented':
        heard[at.pathname === '/refreshed' ? 'refreshed' : 'consented'].push(JSON.parse(body));
        return [200, {}];
      default:
        return [404, {}];
    }
  }

  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => (body += part));
    request.on('end', () => {
      const headers = { 'access-control-allow-origin': '*', 'content-type': 'application/json', 'cache-control': 'no-store' };
      answer(new URL(request.url ?? '/', url), body).then(
        ([status, value]) => response.writeHead(status, headers).end(JSON.stringify(value)),
        (error) => response.writeHead(404, headers).end(JSON.stringify({ error: String(error) })),
      );
    });
  });
  // The seat's socket is only for the site's own pages; here the cloud is one of them.
  server.on('upgrade', (request, downstream, head) => {
    const { hostname, port: there, host, origin } = new URL(seats);
    const upstream = connect(Number(there), hostname, () => {
      const headers = Object.entries(request.headers)
        .filter(([name]) => !['host', 'origin'].includes(name) && !name.startsWith('sec-fetch'))
        .map(([name, value]) => `${name}: ${value}`);
      upstream.write([`GET ${request.url} HTTP/1.1`, `host: ${host}`, `origin: ${origin}`, ...headers, '', ''].join('\r\n'));
      upstream.write(head);
      upstream.pipe(downstream).pipe(upstream);
    });
    upstream.on('error', () => downstream.destroy());
    downstream.on('error', () => upstream.destroy());
  });
  await new Promise((listening, failed) => server.once('error', failed).listen(0, 'localhost', () => listening(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  [url, socket, seats] = [`http://localhost:${port}`, `ws://localhost:${port}`, behind ?? ''];

  return {
    url,
    socket,
    heard,
    command: (command) => void commands.push({ n: (commands.at(-1)?.n ?? 0) + 1, ...command }),
    forget: () => void (commands = []),
    answerSdk: (status) => void (sdk = status),
    playIn: (server) => void (seats = server),
    reveal: ({ context }) => context.addInitScript((url) => void (globalThis.anteroomFakeCloud = url), url),
    close: () =>
      new Promise((closed) => {
        server.close(() => closed(undefined));
        server.closeAllConnections();
      }),
  };
}

/** Takes a guest's seat, as the page does after a click. @param {string} behind @param {string} link @param {string} name */
function join(behind, link, name) {
  const secret = SECRET.exec(link)?.[1] ?? '';
  const body = new URLSearchParams({ secret, name }).toString();
  return new Promise((resolve, reject) => {
    const headers = { origin: behind, 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
    const request = ask(new URL('/api/guest/join', behind), { method: 'POST', headers }, (response) => {
      let text = '';
      response.on('data', (part) => (text += part));
      response.on('end', () =>
        response.statusCode === 200 ? resolve(JSON.parse(text).token) : reject(new Error(`${response.statusCode}: ${text}`)),
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}
