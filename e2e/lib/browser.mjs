import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { chromium } from 'playwright-core';
import { firefox } from 'playwright-core-firefox';

import { OUT } from './paths.mjs';
import { PATIENCE_MS } from './until.mjs';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // A test machine may have no network but its loopback; Chromium would then gather no candidate at all.
  '--allow-loopback-in-peer-connection',
  '--autoplay-policy=no-user-gesture-required',
  '--auto-select-desktop-capture-source=Entire screen',
];
/** A page that stands in the background must go on decoding: everybody but one stands there. */
const AWAKE = ['--disable-background-timer-throttling', '--disable-backgrounding-occluded-windows', '--disable-renderer-backgrounding'];

export const DESK = { width: 1280, height: 800 };
export const PHONE = { width: 360, height: 740 };

/**
 * A machine's camera and microphone: there, there and not to be used (somebody says "Block"), or not there.
 *
 * @typedef {'given' | 'refused' | 'none'} Devices
 */

/** Ten pictures a second show all that a test looks for; thirty, times four people, are more than two cores can encode. */
const CAMERA = '--use-fake-device-for-media-stream=fps=10';

/** @type {Record<Devices, string[]>} */
const DEVICES = {
  given: [CAMERA, '--use-fake-ui-for-media-stream'],
  refused: [CAMERA, '--use-fake-ui-for-media-stream=deny'],
  none: ['--use-fake-ui-for-media-stream'],
};

/** @param {string[]} [flags] further ones @param {Devices} [devices] */
export function launch(flags = [], devices = 'given') {
  return chromium.launch({
    executablePath: process.env.ANTEROOM_CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    args: [...FLAGS, ...AWAKE, ...DEVICES[devices], ...flags],
    // Muted, a page would decode silence.
    ignoreDefaultArgs: ['--mute-audio'],
  });
}

/** @typedef {'chromium' | 'firefox'} Make */

/** What `FLAGS` are to Chromium, preferences are to Firefox. */
const PREFERENCES = {
  'media.autoplay.default': 0,
  'media.peerconnection.ice.loopback': true,
  // It asks its maker for news otherwise. Addresses of numbers need no name server, and neither does localhost.
  'network.dns.disabled': true,
  // A context's `reducedMotion` is nothing to it.
  'ui.prefersReducedMotion': 1,
};
const ALLOWED = 1;
const BLOCKED = 2;

/** @param {typeof ALLOWED | typeof BLOCKED} answer to every page that wants camera and microphone */
const answering = (answer) => ({ 'permissions.default.camera': answer, 'permissions.default.microphone': answer });

/** @type {Record<Devices, Record<string, boolean | number>>} */
const FIREFOX_DEVICES = {
  given: { 'media.navigator.streams.fake': true, ...answering(ALLOWED) },
  refused: { 'media.navigator.streams.fake': true, ...answering(BLOCKED) },
  none: answering(ALLOWED),
};

/** @param {Devices} [devices] */
export function launchFirefox(devices = 'given') {
  return firefox.launch({
    // Any Firefox, by WebDriver BiDi; without it, one that Playwright has built for itself. Newer Playwrights say what
    // ESR 153 does not understand (1.65), or add to a number that they should replace (1.62).
    channel: 'moz-firefox',
    executablePath: process.env.ANTEROOM_FIREFOX ?? '/usr/bin/firefox-esr',
    headless: true,
    firefoxUserPrefs: { ...PREFERENCES, ...FIREFOX_DEVICES[devices] },
  });
}

/**
 * Keeps the page's newest connection where `media.mjs` looks for what arrives. Runs in the page before its own scripts, so that
 * the product needs no door for tests.
 */
function keepConnection() {
  const Connection = globalThis.RTCPeerConnection;
  // A test may have taken it away.
  if (!Connection) return;
  globalThis.RTCPeerConnection = class extends Connection {
    /** @param {RTCConfiguration} [configuration] */
    constructor(configuration) {
      super(configuration);
      globalThis.__anteroom_pc = this;
    }
  };
}

/** A form that is shown again with its mistakes has such a status; the console calls every one of them an error. */
const NO_TROUBLE = /Failed to load resource: the server responded with a status of (409|422)/;

/**
 * Somebody at a browser of their own: own cookies, own storage, and an ear for everything that goes wrong in it.
 *
 * @typedef {object} Person
 * @property {string} name
 * @property {import('playwright-core').Page} page
 * @property {import('playwright-core').BrowserContext} context
 * @property {string[]} troubles errors of scripts and of the console, refusals by the content security policy
 * @property {(path: string) => Promise<void>} keepPicture
 */

/**
 * @param {import('playwright-core').Browser} browser
 * @param {string} name
 * @param {object} [options]
 * @param {string} [options.url] what addresses without a host mean
 * @param {boolean} [options.javaScript]
 * @param {{width: number, height: number}} [options.viewport]
 * @param {'light' | 'dark'} [options.colorScheme]
 * @param {string} [options.timezone]
 * @param {string} [options.locale] what the browser asks for
 * @param {string} [options.language] what somebody has chosen on a page of ours
 * @param {Devices} [options.devices] those of the browser
 * @param {RegExp[]} [options.expected] troubles that this test is about
 * @returns {Promise<Person>}
 */
export async function person(browser, name, options = {}) {
  const { url, javaScript = true, viewport = DESK, colorScheme = 'light', timezone = 'Europe/Zurich', language, locale = language ?? 'en-GB', devices = 'given', expected = [] } = options;
  const context = await browser.newContext({
    baseURL: url,
    javaScriptEnabled: javaScript,
    viewport,
    colorScheme,
    timezoneId: timezone,
    locale,
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(PATIENCE_MS);
  if (language && url) await context.addCookies([{ name: 'anteroom-language', value: language, url }]);
  await context.addInitScript(keepConnection);
  const granted = ['clipboard-read', 'clipboard-write', ...(devices === 'refused' ? [] : ['camera', 'microphone'])];
  // Firefox has them from its preferences, and grants nothing by name.
  if (url && browser.browserType().name() === 'chromium') await context.grantPermissions(granted, { origin: url });
  /** @type {string[]} */
  const troubles = [];
  const note = (/** @type {string} */ trouble) => {
    if (!NO_TROUBLE.test(trouble) && !expected.some((pattern) => pattern.test(trouble))) troubles.push(trouble);
  };
  context.on('console', (message) => {
    // The content security policy's refusals are told here as well, with or without JavaScript.
    if (message.type() === 'error') note(`console: ${message.text()} (${message.location().url})`);
  });
  context.on('weberror', (error) => note(`script: ${error.error().stack ?? error.error().message}`));
  const page = await context.newPage();
  page.on('crash', () => note('the page crashed'));
  return {
    name,
    page,
    context,
    troubles,
    async keepPicture(file) {
      await mkdir(OUT, { recursive: true });
      await page.screenshot({ path: join(OUT, file) });
    },
  };
}

/** Fails where something went wrong in somebody's browser without the test noticing. @param {Person} who */
export function assertQuiet(who) {
  if (who.troubles.length > 0) {
    throw new Error(`In ${who.name}'s browser:\n  ${who.troubles.join('\n  ')}`);
  }
}
