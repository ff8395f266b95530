import { setTimeout as sleep } from 'node:timers/promises';

const EVERY_MS = 50;

/**
 * Asks again and again until the answer is neither false nor nothing; gives it.
 *
 * @template T
 * @param {string} what for the message, after "waited for"
 * @param {number} ms
 * @param {() => T | Promise<T>} ask
 * @returns {Promise<NonNullable<T>>}
 */
export async function until(what, ms, ask) {
  const end = performance.now() + ms;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (performance.now() > end) throw new Error(`Waited ${ms} ms for ${what}, in vain.`);
    await sleep(EVERY_MS);
  }
}
