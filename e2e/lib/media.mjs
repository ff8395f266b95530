import { PATIENCE_MS, until } from './until.mjs';

/**
 * How much a sound's energy must rise to be heard. The fake microphone's beeps bring some 0.04 a second; what a decoder
 * makes up while nothing comes in is far less.
 */
const AUDIBLE = 1e-3;

/**
 * What arrives in a call, by track.
 *
 * @typedef {object} Arrival
 * @property {string} id
 * @property {'audio' | 'video'} kind
 * @property {number} frames pictures decoded
 * @property {number} energy of the sound, in all
 * @property {number} width of the picture
 */

/**
 * @param {import('playwright-core').Page} page
 * @returns {Promise<Arrival[]>} nothing while there is no connection
 */
export function arrivals(page) {
  return page.evaluate(async () => {
    const connection = /** @type {RTCPeerConnection | undefined} */ (globalThis.__anteroom_pc);
    if (!connection || connection.connectionState === 'closed') return [];
    const stats = await connection.getStats();
    return Array.from(stats.values())
      .filter((entry) => entry.type === 'inbound-rtp')
      .map((entry) => ({
        // Not the report's own id: a line that was freed and used again goes on counting under another source.
        id: `${entry.mid}/${entry.ssrc}`,
        kind: entry.kind,
        frames: entry.framesDecoded ?? 0,
        energy: entry.totalAudioEnergy ?? 0,
        width: entry.frameWidth ?? 0,
      }));
  });
}

/**
 * Waits until as many pictures move and as many sounds are heard: counters that stand still are what was.
 *
 * @param {import('./browser.mjs').Person} who
 * @param {{ videos?: number, audios?: number, within?: number }} wanted
 * @returns {Promise<number>} how long it took, in ms
 */
export async function seesAndHears(who, { videos = 1, audios = 1, within = PATIENCE_MS }) {
  const started = performance.now();
  const before = new Map((await arrivals(who.page)).map((arrival) => [arrival.id, arrival]));
  /** @type {Arrival[]} */
  let now = [];
  const rising = (/** @type {'audio' | 'video'} */ kind) =>
    now.filter((arrival) => arrival.kind === kind && hasRisen(arrival, before.get(arrival.id))).length;
  try {
    await until('media', within, async () => {
      now = await arrivals(who.page);
      return rising('video') >= videos && rising('audio') >= audios;
    });
  } catch {
    const have = now.map((arrival) => `${arrival.kind} ${arrival.frames} frames, energy ${arrival.energy.toFixed(4)}`);
    throw new Error(
      `${who.name} should see ${videos} and hear ${audios} within ${within} ms, ` +
        `but ${rising('video')} and ${rising('audio')} arrive: ${have.join('; ') || 'nothing'}`,
    );
  }
  return Math.round(performance.now() - started);
}

/** @param {Arrival} now @param {Arrival | undefined} before */
function hasRisen(now, before) {
  return now.kind === 'video' ? now.frames > (before?.frames ?? 0) : now.energy > (before?.energy ?? 0) + AUDIBLE;
}

/**
 * Whether sound that arrives is silence: nobody's energy rises over the time given.
 *
 * @param {import('./browser.mjs').Person} who
 */
export async function hearsNothingFor(who, ms = 1_500) {
  const rise = await heardOver(who, ms);
  if (rise > AUDIBLE) throw new Error(`${who.name} should hear nothing, but the sound's energy rose by ${rise}.`);
}

/**
 * Waits for silence of 1.5 s, in which the fake microphone beeps at least once. What was said before takes its time through
 * the buffers: on a line that was stuck, seconds.
 *
 * @param {import('./browser.mjs').Person} who
 */
export async function hearsNothingAnyMore(who) {
  await until(`silence at ${who.name}`, PATIENCE_MS, async () => (await heardOver(who, 1_500)) <= AUDIBLE);
}

/** How much the sound's energy rises meanwhile. @param {import('./browser.mjs').Person} who @param {number} ms */
async function heardOver(who, ms) {
  const energy = async () => (await arrivals(who.page)).reduce((sum, arrival) => sum + arrival.energy, 0);
  const before = await energy();
  await who.page.waitForTimeout(ms);
  return (await energy()) - before;
}

/**
 * How many pictures move and how many sounds are heard over the time given.
 *
 * @param {import('./browser.mjs').Person} who
 */
export async function arriving(who, ms = 2_000) {
  const before = new Map((await arrivals(who.page)).map((arrival) => [arrival.id, arrival]));
  await who.page.waitForTimeout(ms);
  const risen = (await arrivals(who.page)).filter((arrival) => hasRisen(arrival, before.get(arrival.id)));
  const count = (/** @type {'audio' | 'video'} */ kind) => risen.filter((arrival) => arrival.kind === kind).length;
  return { videos: count('video'), audios: count('audio') };
}

/**
 * How much is cut off of the pictures of others, the most of all: 0 is nothing, and 1 would be everything.
 *
 * @param {import('./browser.mjs').Person} who
 */
export const cutOff = ({ page }) =>
  page.evaluate(() => {
    const lost = [...document.querySelectorAll('[data-test=tile]:not([data-own]) video')].map((video) => {
      if (!(video instanceof HTMLVideoElement) || getComputedStyle(video).objectFit === 'contain') return 0;
      const [tile, picture] = [video.clientWidth / video.clientHeight, video.videoWidth / video.videoHeight];
      return 1 - Math.min(tile, picture) / Math.max(tile, picture);
    });
    return Math.max(0, ...lost);
  });

/** Nobody's picture moves over the time given. @param {import('./browser.mjs').Person} who */
export async function seesNothingFor(who, ms = 1_500) {
  const frames = async () => (await arrivals(who.page)).reduce((sum, arrival) => sum + arrival.frames, 0);
  const before = await frames();
  await who.page.waitForTimeout(ms);
  const more = (await frames()) - before;
  if (more > 0) throw new Error(`${who.name} should see nothing, but ${more} pictures came.`);
}

/** Packets of sound and picture that somebody's browser has sent. @param {import('./browser.mjs').Person} who @returns {Promise<number>} */
export function packetsSent({ page }) {
  return page.evaluate(async () => {
    const connection = /** @type {RTCPeerConnection | undefined} */ (globalThis.__anteroom_pc);
    const stats = connection ? [...(await connection.getStats()).values()] : [];
    return stats.filter(({ type }) => type === 'outbound-rtp').reduce((sum, { packetsSent }) => sum + (packetsSent ?? 0), 0);
  });
}
