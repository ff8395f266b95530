// The real bundle with Microsoft's SDK, without Azure: every request that leaves is caught and noted. It must load under
// our content security policy, try only hosts that we name, and come to an end that the page can show.
//
// `npm run build` in teams-client/ first.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { launch } from '../lib/browser.mjs';
import { serve } from './serve.mjs';

const DIST = fileURLToPath(new URL('../../teams-client/dist', import.meta.url));
const skip = existsSync(`${DIST}/manifest.json`) ? false : 'teams-client/ is not built: npm run build';
const ACS = '7d3f1c2a-1111-4222-8333-944444444444_0000001a-2222-3333-4444-555555555555';
const LINK =
  'https://teams.microsoft.com/l/meetup-join/19%3ameeting_OTk5%40thread.v2/0?context=%7b%22Tid%22%3a%22aaaaaaaa-1111-4111-8111-111111111111%22%2c%22Oid%22%3a%22bbbbbbbb-2222-4222-8222-222222222222%22%7d';

/** A token that looks like one: signed by nobody. */
function token() {
  const now = Math.floor(Date.now() / 1000);
  const part = (/** @type {object} */ value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = {
    skypeid: `acs:${ACS}`,
    scp: 1792,
    csi: String(now),
    exp: now + 86_400,
    rgn: 'emea',
    acsScope: 'chat,voip',
    resourceId: '7d3f1c2a-1111-4222-8333-944444444444',
    resourceLocation: 'europe',
    iat: now,
  };
  return `${part({ alg: 'RS256', kid: 'FAKE', typ: 'JWT' })}.${part(claims)}.x`;
}

/** Does a source of the policy allow this address? As CSP matches: the scheme, then the host or any below `*.`. */
function allows(/** @type {string} */ source, /** @type {URL} */ url) {
  const [scheme, host] = source.split('://');
  if (`${scheme}:` !== url.protocol) return false;
  return host.startsWith('*.') ? url.hostname.endsWith(host.slice(1)) : url.hostname === host;
}

/** @type {Awaited<ReturnType<typeof serve>>} */
let site;
/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  if (skip) return;
  site = await serve(DIST);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await site?.close();
});

/**
 * Opens the page and joins, with the world cut off in one of two ways.
 * @param {'refused' | 'silent'} network
 */
async function joined(network, { meeting = /** @type {object} */ ({ link: LINK }), microphone = true } = {}) {
  const context = await browser.newContext({ permissions: ['camera', 'microphone'] });
  const page = await context.newPage();
  /** @type {URL[]} */
  const foreign = [];
  /** @type {string[]} */
  const violations = [];
  /** @type {string[]} */
  const errors = [];
  await page.route(/.*/, (route) => {
    const url = new URL(route.request().url());
    if (url.origin === site.url || !/^https?:/.test(url.protocol)) return route.continue();
    foreign.push(url);
    // A network that answers nothing is worse than one that refuses: the request stays open.
    return network === 'refused' ? route.abort('internetdisconnected') : undefined;
  });
  await page.routeWebSocket(/.*/, (socket) => {
    foreign.push(new URL(socket.url()));
    if (network === 'refused') socket.close();
  });
  page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) violations.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.addInitScript(() => {
    const events = [];
    Object.assign(window, { events, violations: [], rejections: [] });
    addEventListener('securitypolicyviolation', (event) =>
      window.violations.push(`${event.violatedDirective} ${event.blockedURI} (${event.sourceFile}:${event.lineNumber})`),
    );
    addEventListener('unhandledrejection', (event) => window.rejections.push(String(event.reason)));
  });
  await page.goto(site.url);
  const started = Date.now();
  await page.evaluate(
    async ({ entry, given, hasMicrophone }) => {
      const { createEngine } = await import(entry);
      const tracks = hasMicrophone ? (await navigator.mediaDevices.getUserMedia({ audio: true })).getTracks() : [];
      window.engine = createEngine({
        report: (event) => window.events.push({ ...event, after: performance.now() }),
        refresh: () => Promise.reject(new Error('not now')),
      });
      window.engine.join(given, { microphone: tracks[0], muted: false });
    },
    {
      entry: site.entry,
      hasMicrophone: microphone,
      given: {
        token: token(),
        expiresOn: new Date(Date.now() + 86_400_000).toISOString(),
        user: `8:acs:${ACS}`,
        name: 'Ana',
        meeting,
        publish: 'all',
        chat: { endpoint: 'https://anteroom.communication.azure.com' },
      },
    },
  );
  const events = () => page.evaluate(() => window.events);
  return {
    page,
    foreign,
    errors,
    events,
    ended: async (/** @type {number} */ timeout) => {
      await page.waitForFunction(() => window.events.some((event) => event.type === 'ended'), undefined, { timeout, polling: 250 });
      return (await events()).find((/** @type {{type: string}} */ event) => event.type === 'ended');
    },
    async notes() {
      const inside = await page.evaluate(() => ({ violations: window.violations, rejections: window.rejections }));
      return { ...inside, console: violations, seconds: (Date.now() - started) / 1000 };
    },
    close: () => context.close(),
  };
}

/** @param {Awaited<ReturnType<typeof joined>>} guest */
async function assertOnlyOurHosts(guest) {
  const strangers = guest.foreign.filter((url) => !site.hosts.some((source) => allows(source, url)));
  console.log('hosts tried:', [...new Set(guest.foreign.map((url) => `${url.protocol}//${url.hostname}`))].sort().join(' '));
  assert.deepEqual(strangers.map(String), []);
  const notes = await guest.notes();
  console.log('notes:', JSON.stringify(notes), 'page errors:', guest.errors);
  const refusedConnections = notes.violations.filter((/** @type {string} */ one) => one.startsWith('connect-src'));
  assert.deepEqual(refusedConnections, []);
}

test('loads with its progress, tries only hosts that we name, and ends where the network refuses', { skip, timeout: 240_000 }, async () => {
  const guest = await joined('refused');
  const ended = await guest.ended(200_000);
  const events = await guest.events();
  console.log('events:', JSON.stringify(events.filter((/** @type {{type: string}} */ event) => event.type !== 'loading')));
  assert.equal(events.find((/** @type {{type: string}} */ event) => event.type === 'state')?.state, 'connecting');
  const shares = events.filter((/** @type {{type: string}} */ event) => event.type === 'loading');
  assert.ok(shares.length > 1, 'the SDK is seen coming');
  assert.equal(shares.at(-1).share, 1);
  assert.ok(Number.isInteger(ended.code) && Number.isInteger(ended.subCode));
  assert.notDeepEqual([ended.code, ended.subCode], [-1, 1], 'the SDK itself was loaded');
  assert.ok(guest.foreign.length > 0, 'it tried to reach Microsoft');
  await assertOnlyOurHosts(guest);
  await guest.close();
});

test('a network that answers nothing ends as well', { skip, timeout: 420_000 }, async () => {
  const guest = await joined('silent', { meeting: { id: '21234567890123', passcode: 'Ab3cD4' }, microphone: false });
  const ended = await guest.ended(170_000);
  console.log('ended:', JSON.stringify(ended));
  assert.notDeepEqual([ended.code, ended.subCode], [-1, 1]);
  await assertOnlyOurHosts(guest);
  await guest.close();
});

test('the SDK is fetched once, though its progress is shown', { skip, timeout: 60_000 }, async () => {
  // Without interception, which would turn the browser's cache off; nothing but the SDK's file is needed.
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(site.url);
  const before = site.served.length;
  const last = await page.evaluate(async (entry) => {
    const { createEngine } = await import(entry);
    return new Promise((resolve) => {
      const engine = createEngine({
        report: (event) => {
          if (event.type === 'ended') resolve(event);
          // Leaving before the SDK is made: nothing of Microsoft's is asked for.
          if (event.share === 1) setTimeout(() => { engine.leave(); resolve(event); }, 0);
        },
        refresh: () => new Promise(() => {}),
      });
      engine.join(
        { token: '', expiresOn: '', user: '8:acs:x', name: 'Ana', meeting: { link: 'https://x' }, publish: 'all', chat: null },
        { muted: true },
      );
    });
  }, site.entry);
  assert.equal(last.type, 'loading');
  // The import comes after the last of the progress.
  await page.waitForTimeout(3_000);
  const uses = await page.evaluate(() => performance.getEntriesByType('resource').filter(({ name }) => name.includes('/sdk-')).length);
  assert.equal(uses, 2, 'once for its progress, once to run it');
  assert.equal(site.served.slice(before).filter((name) => name.startsWith('sdk-')).length, 1);
  await context.close();
});

test('leaving in the middle of it reports nothing more', { skip, timeout: 60_000 }, async () => {
  const guest = await joined('silent');
  await guest.page.waitForFunction(() => window.events.some((event) => event.share === 1), undefined, { polling: 100, timeout: 30_000 });
  const count = await guest.page.evaluate(() => {
    window.engine.leave();
    return window.events.length;
  });
  await guest.page.waitForTimeout(5_000);
  assert.equal((await guest.events()).length, count);
  await guest.close();
});

test('where the SDK cannot be fetched the page is told so', { skip, timeout: 30_000 }, async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.route(/\/sdk-/, (route) => route.abort());
  await page.goto(site.url);
  const ended = await page.evaluate(
    async (entry) => {
      const { createEngine } = await import(entry);
      return new Promise((resolve) => {
        const report = (event) => event.type === 'ended' && resolve(event);
        createEngine({ report, refresh: () => new Promise(() => {}) }).join(
          { token: 't', expiresOn: '', user: '8:acs:x', name: 'Ana', meeting: { link: 'https://x' }, publish: 'all', chat: null },
          { muted: true },
        );
      });
    },
    site.entry,
  );
  assert.deepEqual(ended, { type: 'ended', code: -1, subCode: 1 });
  await context.close();
});
