// A stage for stories on Microsoft Teams, without Microsoft: the organisation's server talks to an emulator of Azure, its
// page runs the module over a fake of the Calling SDK, and the meeting in Teams is one of another Anteroom, with real sound
// and picture. Whoever sits in Teams' own client is a browser there.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { startCloud } from '../teams-client/cloud.mjs';
import { startApp, tail } from './app.mjs';
import { assertQuiet, person } from './browser.mjs';
import { startMicrosoft } from './emulator.mjs';
import { sendHome, sharedBrowser } from './shared-browser.mjs';
import { PATIENCE_MS, until } from './until.mjs';

const CLIENT = fileURLToPath(new URL('../../teams-client/dist-fake', import.meta.url));
const LIMIT_MS = 600_000;

export const TENANT = '72f988bf-86f1-41af-91ab-2d7cd011db47';
/** A meeting as an organiser copies it out of Teams. */
export const PASTED = `https://teams.microsoft.com/l/meetup-join/19%3ameeting_NjA3%40thread.v2/0?context=%7b%22Tid%22%3a%22${TENANT}%22%2c%22Oid%22%3a%222c0f4a71-3d8e-4a3d-9a2c-0a7a1b9bb001%22%7d`;

/**
 * @typedef {object} TeamsStage
 * @property {import('./emulator.mjs').Microsoft} microsoft
 * @property {import('./app.mjs').App} site the organisation's own
 * @property {import('./app.mjs').App} teams what plays the meeting in Teams
 * @property {Awaited<ReturnType<typeof startCloud>>} cloud
 * @property {(name: string, options?: Parameters<typeof person>[2]) => Promise<import('./browser.mjs').Person>} enter
 *   somebody opens a browser, on the organisation's site where nothing else is said
 * @property {(resolve: (meeting: string, name: string) => string | object | Promise<string | object>) => void} meet whose
 *   link in the meeting that plays Teams' a guest gets
 * @property {(sentence: string) => void} tell
 */

/**
 * A test with that stage. It is all taken down whatever happens, and fails where something went wrong in a browser of the
 * organisation's site.
 *
 * @param {string} name
 * @param {(stage: TeamsStage) => Promise<void>} play
 * @param {{ client?: string, env?: Record<string, string> }} [options]
 */
export function onTeams(name, play, { client = CLIENT, env = {} } = {}) {
  test(name, { timeout: LIMIT_MS }, async (t) => {
    assert.ok(existsSync(`${client}/manifest.json`), `The Teams client is not built: npm run build:fake in teams-client makes ${client}.`);
    const microsoft = await startMicrosoft();
    /** @type {any} */
    let resolve = () => ({ code: 404, subCode: 4500 });
    const cloud = await startCloud({ resolve: (meeting, who) => resolve(meeting, who) });
    const site = await startApp({
      env: {
        ANTEROOM_TEAMS_CONNECTION_STRING: microsoft.connectionString,
        ANTEROOM_TEAMS_CLIENT: client,
        // The fake's cloud; Microsoft's own SDK has to do with the hosts that every page allows.
        ...(client === CLIENT ? { ANTEROOM_TEAMS_CONNECT: `${cloud.url},${cloud.socket}` } : {}),
        ...env,
      },
    });
    const teams = await startApp();
    const browser = await sharedBrowser();
    /** @type {import('./browser.mjs').Person[]} */
    const people = [];
    cloud.playIn(teams.url);
    try {
      await play({
        microsoft,
        site,
        teams,
        cloud,
        async enter(who, options = {}) {
          const entered = await person(browser, who, { url: site.url, ...options });
          people.push(entered);
          await cloud.reveal(entered);
          return entered;
        },
        meet: (found) => void (resolve = found),
        tell: (sentence) => t.diagnostic(sentence),
      });
      people.forEach(assertQuiet);
    } catch (error) {
      const slug = name.toLowerCase().replace(/[^a-z0-9]+/g, '-').slice(0, 50);
      for (const who of people) {
        await who.keepPicture(`failed-teams-${slug}-${who.name}.png`).catch(() => {});
        for (const trouble of who.troubles) t.diagnostic(`${who.name}: ${trouble}`);
      }
      t.diagnostic(`The site's last lines:\n${tail(site.output())}`);
      throw error;
    } finally {
      await sendHome(people);
      await cloud.close();
      await site.stop();
      await teams.stop();
      await microsoft.stop();
    }
  });
}

/** How many identities Microsoft's service has made and not deleted. @param {{ microsoft: import('./emulator.mjs').Microsoft }} stage */
export const alive = async ({ microsoft }) => (await microsoft.state()).identities.filter((/** @type {any} */ one) => !one.deletedAt).length;

/** A picture that moves, in somebody else's tile. @param {import('./browser.mjs').Person} who */
export const seesMoving = (who) =>
  until('a moving picture', PATIENCE_MS, () =>
    who.page.evaluate(async () => {
      const video = document.querySelector('[data-test=tile]:not([data-own]) video');
      if (!(video instanceof HTMLVideoElement) || video.videoWidth === 0) return false;
      const before = video.currentTime;
      await new Promise((later) => setTimeout(later, 400));
      return video.currentTime > before;
    }),
  );
