import { spawn } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { until } from './until.mjs';

/** A debug build on a busy machine, making its demonstration data. */
const START_MS = 60_000;
/** The server gives what is under way 10 s; after that it must be gone. */
const STOP_MS = 60_000;

/** A demonstration that is made: its file, what was printed when it was made, and whose it is. */
export const DEMO = { database: 'anteroom-demo.db', printed: 'printed.txt', organisation: 'Hazelbrook Bank' };

/**
 * @typedef {object} Account who can sign in
 * @property {string} role `clerk` or `admin`
 * @property {string} email
 * @property {string} password
 * @property {string} [name]
 */

/**
 * A running `anteroom`, with a folder of its own that goes with it.
 *
 * @typedef {object} App
 * @property {string} url without a slash at the end
 * @property {Account[]} accounts those that were printed
 * @property {string} [setUpCode] for the first admin, where there is none
 * @property {string} data its folder
 * @property {() => string} output what it printed so far
 * @property {(signal?: NodeJS.Signals) => Promise<void>} stop asserts that it ends by itself, and well
 */

/**
 * Starts the binary that `ANTEROOM_BIN` names and waits until it is ready.
 *
 * The demonstration takes seconds to make. Where `ANTEROOM_DEMO` names a folder with one that is made (`demo.mjs`), the
 * server starts on a copy of it; `fresh` makes it anew all the same.
 *
 * @param {object} [options]
 * @param {boolean | 'fresh'} [options.demo] with the demonstration's accounts and consultations
 * @param {string[]} [options.args] further arguments of `serve`
 * @param {Record<string, string>} [options.env]
 * @param {(data: string) => Promise<void>} [options.beforeDiscard] what is still wanted of its folder when it has stopped
 * @returns {Promise<App>}
 */
export async function startApp({ demo = true, args = [], env = {}, beforeDiscard = async () => {} } = {}) {
  const binary = process.env.ANTEROOM_BIN;
  if (!binary) {
    throw new Error('ANTEROOM_BIN names no binary. `cargo xtask e2e` builds one and sets it.');
  }
  const data = await mkdtemp(join(tmpdir(), 'anteroom-e2e-'));
  const made = demo === true ? process.env.ANTEROOM_DEMO : undefined;
  if (made) await copyFile(join(made, DEMO.database), join(data, 'anteroom.db'));
  const child = spawn(binary, ['serve', ...(demo && !made ? ['--demo'] : []), '--data', data, '--listen', '127.0.0.1:0', ...args], {
    // From its own folder: the binary must need nothing beside it.
    cwd: data,
    env: { ...strangersEnvironment(), ...(made ? { ANTEROOM_ORGANISATION_NAME: DEMO.organisation } : {}), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  /** @type {string[]} */
  const lines = [];
  /** @type {string[]} */
  const log = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  createInterface({ input: child.stderr }).on('line', (line) => {
    lines.push(line);
    log.push(line);
  });
  const output = () => lines.join('\n');
  /** @type {Promise<string>} */
  const ended = new Promise((resolve) => {
    child.once('error', (error) => resolve(`could not be started: ${error.message}`));
    child.once('close', (code, signal) => resolve(signal ? `was ended by ${signal}` : `ended with ${code}`));
  });

  const running = () => child.exitCode === null && child.signalCode === null && child.pid !== undefined;
  const discard = () => rm(data, { recursive: true, force: true });
  const fail = async (/** @type {string} */ sentence) => {
    if (running()) child.kill('SIGKILL');
    const how = await ended;
    await discard();
    return new Error(`${sentence} It ${how}. It printed:\n${output()}`);
  };

  let url;
  try {
    url = await until('an address on its output', START_MS, () => {
      if (!running()) throw new Error('The server stopped while it was starting.');
      return urlIn(output());
    });
    await until('/readyz to say yes', START_MS, () => isReady(url));
  } catch (error) {
    throw await fail(`The server did not get ready: ${error.message}`);
  }

  return {
    url,
    accounts: accountsIn(made ? await readFile(join(made, DEMO.printed), 'utf8') : output()),
    setUpCode: output().match(/enter this code[^\n]*\s+(\S+)/)?.[1],
    data,
    output,
    async stop(signal = 'SIGTERM') {
      if (!running()) throw await fail('The server had stopped before it was told to.');
      child.kill(signal);
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      const how = await ended;
      clearTimeout(timer);
      await beforeDiscard(data);
      await discard();
      if (signal === 'SIGKILL') return;
      if (how !== 'ended with 0') throw new Error(`Told to stop (${signal}), the server ${how}:\n${tail(output())}`);
      const panic = lines.find((line) => line.includes('panicked at'));
      if (panic) throw new Error(`The server panicked: ${panic}`);
      const leak = leakIn(log);
      if (leak) throw new Error(`The log holds ${leak}, which docs/LOGGING.md rules out.`);
    },
  };
}

/** What a log must never hold. */
const LEAKS = Object.entries({
  'an e-mail address': /[\w.+-]+@[\w-]+\.\w/,
  "a guest's link": /\/j\/[\w-]{16,}/,
  'a line of an SDP': /(^|\s|\\n|")(v=0(?!\d)|a=(fingerprint|ice-pwd|candidate|ssrc))/,
  'an ICE candidate': /candidate:\S+ \d+ (udp|tcp) /i,
});

/**
 * The first thing in the log that must not be there, and its line, with what leaked taken out.
 *
 * @param {string[]} log
 */
export function leakIn(log) {
  for (const line of log) {
    const found = LEAKS.find(([, pattern]) => pattern.test(line));
    if (found) return `${found[0]} ("${line.replace(found[1], ' … ')}")`;
  }
  return undefined;
}

/** The last lines of a long text. @param {string} text */
export function tail(text, lines = 40) {
  return text.split('\n').slice(-lines).join('\n');
}

/** The first address that is printed is the one to open. @param {string} text */
export function urlIn(text) {
  return text.match(/http:\/\/[\w.[\]:-]+:\d+/)?.[0];
}

/** @param {string} text @returns {Account[]} */
export function accountsIn(text) {
  const lines = text.matchAll(/^\s*(clerk|admin)\s+(\S+@\S+)\s+(\S+)(?:\s+\((.*), [^,]*\))?\s*$/gm);
  return Array.from(lines, ([, role, email, password, name]) => ({ role, email, password, name }));
}

/** Without our own variables: those of the tests are no settings of the server, which would refuse them. */
function strangersEnvironment() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('ANTEROOM_')));
}

/** @param {string} url */
async function isReady(url) {
  try {
    const response = await fetch(`${url}/readyz`);
    await response.arrayBuffer();
    return response.ok;
  } catch {
    // Not listening yet.
    return false;
  }
}
