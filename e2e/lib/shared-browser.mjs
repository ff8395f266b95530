import { after } from 'node:test';

import { launch, launchFirefox } from './browser.mjs';

/** @type {Map<string, Promise<import('playwright-core').Browser>>} */
const running = new Map();

/**
 * The browser of this file's tests: started once, since a start takes as long as a short test. People share nothing in it,
 * for each has a context of their own.
 *
 * @param {{ make?: import('./browser.mjs').Make, flags?: string[], devices?: import('./browser.mjs').Devices }} [wanted]
 */
export async function sharedBrowser({ make = 'chromium', flags = [], devices = 'given' } = {}) {
  const key = [make, devices, ...flags].join(' ');
  let browser = await running.get(key);
  if (!browser?.isConnected()) {
    const started = make === 'firefox' ? launchFirefox(devices) : launch(flags, devices);
    running.set(key, started);
    browser = await started;
  }
  return browser;
}

after(async () => {
  await Promise.allSettled(Array.from(running.values(), async (browser) => (await browser).close()));
});

/** What people opened, closed. @param {import('./browser.mjs').Person[]} people */
export async function sendHome(people) {
  await Promise.allSettled(people.map(({ context }) => context.close()));
}
