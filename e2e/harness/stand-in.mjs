import { fileURLToPath } from 'node:url';

const SERVANT = fileURLToPath(new URL('servant.mjs', import.meta.url));

/**
 * Runs with the stand-in as the binary, which makes a demonstration of its own.
 *
 * @param {Record<string, string>} env for it
 * @param {() => Promise<void>} work
 */
export async function asBinary(env, work) {
  const before = process.env;
  process.env = { ...before, ANTEROOM_BIN: SERVANT, ANTEROOM_DEMO: '', ...env };
  try {
    await work();
  } finally {
    process.env = before;
  }
}
