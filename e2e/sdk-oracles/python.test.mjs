// Shows what oracle.py found, one test for each of its cases.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { startEmulator } from './emulator.mjs';

const CASES = 10;
const PYTHON_MS = 120_000;
const python = process.env.ORACLE_PYTHON;

if (!python) {
  throw new Error('ORACLE_PYTHON names no interpreter: start these tests with `node e2e/sdk-oracles/run.mjs`.');
}
for (const { name, failure } of await cases()) {
  test(`Python: ${name}`, () => assert.ok(failure === null, failure));
}

async function cases() {
  const emulator = await startEmulator();
  try {
    const script = fileURLToPath(new URL('oracle.py', import.meta.url));
    const { stdout } = await promisify(execFile)(python, [script, JSON.stringify(emulator)], { timeout: PYTHON_MS });
    const found = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.equal(found.length, CASES, 'oracle.py ran another number of cases');
    return found;
  } finally {
    await emulator.stop();
  }
}
