import { setTimeout as sleep } from 'node:timers/promises';

const EVERY_MS = 50;
/**
 * How long a state is waited for that must come. A wait ends with its state, so this costs nothing where all is well; nothing
 * is measured by it, and a machine that does other things besides must not fail by it.
 */
export const PATIENCE_MS = 60_000;

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
