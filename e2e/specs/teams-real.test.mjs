// The whole app with Microsoft's own Calling SDK, cut off from the world: what leaves the guest's browser is caught and
// noted. The policy is the page's own, the token the emulator's.
//
// `npm run build` in teams-client/ first.

import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';

import { isOver, joinAt, part } from '../lib/call.mjs';
import { scheduleSoon } from '../lib/staff.mjs';
import { PASTED, onTeams } from '../lib/teams-stage.mjs';

const CLIENT = fileURLToPath(new URL('../../teams-client/dist', import.meta.url));
/** The SDK takes its time to give up, and more where others build beside it. */
const END_MS = 150_000;
/** What the SDK writes into the console of a network that is not there. */
const expected = [/net::ERR_/, /ECS - /, /CORS policy/, /events\.data\.microsoft\.com/, /skype\.com/, /communication\.microsoft\.com/];

/** Does a source of the policy allow this address? As CSP matches: the scheme, then the host or any below `*.`. */
function allows(/** @type {string} */ source, /** @type {URL} */ url) {
  if (!source.includes('://')) return false;
  const [scheme, host] = source.split('://');
  if (`${scheme}:` !== url.protocol) return false;
  return host.startsWith('*.') ? url.hostname.endsWith(host.slice(1)) : url.host === host;
}

/**
 * A guest joins a Teams consultation, and nothing of Microsoft's is there.
 *
 * @param {import('../lib/teams-stage.mjs').TeamsStage} stage
 * @param {'refuses' | 'answers nonsense'} world
 */
async function cutOff({ site, enter }, world) {
  const clerk = await enter('clerk');
  const { link } = await scheduleSoon(site, clerk, { engine: 'teams', meeting: PASTED });
  const guest = await enter('guest', { expected });
  /** @type {{ url: URL, headers: Record<string, string>, body: string }[]} */
  const outside = [];
  /** @type {string[]} */
  const sockets = [];
  let token = '';
  let policy = '';
  await guest.context.route(/.*/, async (route) => {
    const request = route.request();
    const url = new URL(request.url());
    if (url.origin === site.url || !/^https?:$/.test(url.protocol)) return route.continue();
    outside.push({ url, headers: request.headers(), body: request.postData() ?? '' });
    if (world === 'refuses') return route.abort('internetdisconnected');
    const headers = { 'access-control-allow-origin': request.headers().origin ?? '*', 'access-control-allow-headers': '*', 'access-control-allow-credentials': 'true' };
    return route.fulfill({ status: 200, headers, contentType: 'application/json', body: '{}' });
  });
  await guest.context.routeWebSocket(
    (url) => url.host !== new URL(site.url).host,
    (socket) => {
      sockets.push(socket.url());
      socket.close();
    },
  );
  guest.page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => {
      const message = JSON.parse(String(payload));
      if (message.t === 'credentials') token = message.credentials.token?.token ?? '';
    }),
  );
  guest.page.on('response', async (response) => {
    if (response.url() === link) policy = (await response.allHeaders())['content-security-policy'] ?? '';
  });
  await guest.page.addInitScript(() => {
    const violations = (globalThis.violations = /** @type {string[]} */ ([]));
    addEventListener('securitypolicyviolation', (event) =>
      violations.push(`${event.violatedDirective} ${event.blockedURI} (${event.sourceFile}:${event.lineNumber})`),
    );
  });
  await joinAt(guest, link);
  await part(guest, 'teams-joining').waitFor();
  await isOver(guest, 'outside', END_MS);
  return { guest, outside, sockets: sockets.map((url) => new URL(url)), token, policy, violations: await guest.page.evaluate(() => globalThis.violations) };
}

/** @param {Awaited<ReturnType<typeof cutOff>>} seen @param {(sentence: string) => void} tell */
function assertWithinThePolicy({ outside, sockets, token, policy, violations }, tell) {
  const asked = [...outside.map(({ url }) => url), ...sockets];
  tell(`asked: ${[...new Set(asked.map(({ protocol, host }) => `${protocol}//${host}`))].sort().join(' ')}`);
  assert.deepEqual(violations, [], 'the page’s own policy is enough for the SDK');
  const sources = /connect-src ([^;]*)/.exec(policy)?.[1].split(' ') ?? [];
  assert.ok(sources.length > 10, policy);
  assert.deepEqual(asked.filter((url) => !sources.some((source) => allows(source, url))).map(String), []);
  assert.ok(token.length > 20, 'the page was given a token');
  const ours = outside.filter(({ headers }) => Object.values(headers).some((value) => value.includes(token)));
  assert.notEqual(ours.length, 0, 'the SDK goes by it');
  for (const { url } of outside) assert.ok(!url.href.includes(token), 'a token is in no address');
  return ours.map(({ url }) => url.host);
}

/** A sentence of ours and not a code, and the way that always works. @param {import('../lib/browser.mjs').Person} guest @param {RegExp} sentence */
async function assertToldWithAnotherWay(guest, sentence) {
  const text = await guest.page.locator('main').innerText();
  assert.match(text, sentence);
  assert.doesNotMatch(text, /\d+\/\d+/, 'an ending that we know');
  const href = await part(guest, 'open-in-teams').getAttribute('href');
  assert.equal(new URL(href ?? '').host, 'teams.microsoft.com');
}

onTeams(
  'Microsoft’s SDK on our page, in a network that lets nothing out: its own policy, our token, our hosts, our sentence',
  async (stage) => {
    const seen = await cutOff(stage, 'refuses');
    assertWithinThePolicy(seen, stage.tell);
    await assertToldWithAnotherWay(seen.guest, /network does not reach Teams|did not answer/);
  },
  { client: CLIENT },
);

onTeams(
  'Microsoft’s SDK on our page, with a world that answers nonsense: it makes its call agent with our token, and is over',
  async (stage) => {
    const seen = await cutOff(stage, 'answers nonsense');
    const hosts = assertWithinThePolicy(seen, stage.tell);
    // Whoever asks for the relays of a call has made an agent, and has begun a call with it.
    assert.ok(hosts.some((host) => /(^|\.)skype\.com$/.test(host)), `the call’s own services are asked with the token: ${hosts.join(' ')}`);
    await assertToldWithAnotherWay(seen.guest, /./);
  },
  { client: CLIENT },
);
