import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const START_MS = 30_000;

/**
 * @typedef {object} Emulator
 * @property {string} url without a slash at the end
 * @property {string} connectionString
 * @property {string} accessKey
 * @property {string} tenantId
 * @property {string} clientId
 * @property {string} clientSecret
 * @property {(method: string, path: string, body?: unknown) => Promise<any>} admin asks its own interface
 * @property {() => Promise<void>} stop
 */

/**
 * Starts the binary that `ANTEROOM_EMULATOR` names, on a port of its own.
 *
 * @returns {Promise<Emulator>}
 */
export async function startEmulator() {
  const binary = process.env.ANTEROOM_EMULATOR;
  if (!binary) {
    throw new Error('ANTEROOM_EMULATOR names no binary: start these tests with `node e2e/sdk-oracles/run.mjs`.');
  }
  const child = spawn(binary, ['--listen', '127.0.0.1:0', '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const line = await firstLine(child, ended);
  const known = JSON.parse(line);
  return {
    ...known,
    admin: async (method, path, body) => {
      const answer = await fetch(`${known.url}/_emulator/${path}`, {
        method,
        headers: { 'content-type': 'application/json' },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
      return answer.status === 204 ? undefined : answer.json();
    },
    stop: async () => {
      child.kill();
      await ended;
    },
  };
}

/** @returns {Promise<string>} */
function firstLine(child, ended) {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      child.kill();
      reject(new Error(`The emulator said nothing for ${START_MS / 1000} s.`));
    }, START_MS);
    ended.then(([code]) => {
      clearTimeout(late);
      reject(new Error(`The emulator ended (${code}) before it was ready.`));
    }, reject);
    createInterface({ input: child.stdout }).once('line', (line) => {
      clearTimeout(late);
      resolve(line);
    });
  });
}
