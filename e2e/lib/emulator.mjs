import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where `cargo build -p anteroom-emulator` leaves it. */
const BUILT = fileURLToPath(new URL('../../target/debug/anteroom-emulator', import.meta.url));

/**
 * Microsoft's identity service, on this machine.
 *
 * @typedef {object} Microsoft
 * @property {string} connectionString
 * @property {() => Promise<any>} state what it made, was asked and refused
 * @property {(fault: object) => Promise<void>} fail
 * @property {() => Promise<void>} mend
 * @property {() => Promise<void>} stop
 */

/** @returns {Promise<Microsoft>} */
export async function startMicrosoft() {
  const binary = process.env.ANTEROOM_EMULATOR ?? BUILT;
  if (!existsSync(binary)) throw new Error('The emulator is not built: cargo build -p anteroom-emulator.');
  const child = spawn(binary, ['--listen', '127.0.0.1:0', '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  const told = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => reject(new Error(`The emulator ended with ${code}: ${text}`)));
    child.stdout.on('data', (part) => {
      text += part;
      try {
        resolve(JSON.parse(text));
      } catch {
        // There is more to come.
      }
    });
  });
  const url = told.url.replace(/\/$/, '');
  const ask = async (/** @type {string} */ method, /** @type {string} */ path, /** @type {object} */ body = undefined) => {
    const answer = await fetch(`${url}/_emulator/${path}`, {
      method,
      headers: body && { 'content-type': 'application/json' },
      body: body && JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`The emulator answered ${answer.status} to ${path}.`);
    return answer;
  };
  return {
    connectionString: told.connectionString,
    state: async () => (await ask('GET', 'state')).json(),
    fail: async (fault) => void (await ask('POST', 'faults', fault)),
    mend: async () => void (await ask('DELETE', 'faults')),
    stop: () =>
      new Promise((resolve) => {
        child.once('close', () => resolve(undefined));
        child.kill('SIGTERM');
      }),
  };
}
