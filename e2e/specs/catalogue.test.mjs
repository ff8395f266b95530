// The catalogue as others read it: i18next, in whose shape it is written.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';

import i18next from 'i18next';

import { sentences } from '../lib/catalogue.mjs';

const GROUPS = ['guest', 'staff', 'admin', 'notice'];
const COUNTS = [0, 1, 2, 3, 4, 5, 10, 11, 12, 21, 22, 25, 99, 100, 101, 111, 1_000, 1_000_000, 2_000_000];

test('i18next writes every sentence of every language as we do', async (t) => {
  const program = process.env.ANTEROOM_SENTENCES;
  assert.ok(program, 'ANTEROOM_SENTENCES names the program that prints our sentences; `cargo xtask e2e` sets it');
  const { stdout } = await promisify(execFile)(program, COUNTS.map(String), { maxBuffer: 64 * 1024 * 1024 });
  /** @type {Record<string, Record<string, string>>} */
  const ours = JSON.parse(stdout);
  let compared = 0;
  for (const [tag, written] of Object.entries(ours)) {
    const resources = Object.fromEntries(await Promise.all(GROUPS.map(async (group) => [group, await sentences(tag, /** @type {any} */ (group))])));
    const other = i18next.createInstance();
    await other.init({ lng: tag, ns: GROUPS, resources: { [tag]: resources }, interpolation: { escapeValue: false }, showSupportNotice: false });
    const names = Object.fromEntries([...JSON.stringify(resources).matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => [name, `[${name}]`]));
    for (const [key, text] of Object.entries(written)) {
      const [id, number] = key.split('#');
      // What is not translated yet is English with us.
      if (!other.exists(id, number === undefined ? {} : { count: Number(number) })) continue;
      const theirs = other.t(id, { ...names, ...(number === undefined ? {} : { count: Number(number) }) });
      assert.equal(theirs, text, `${tag} ${key}`);
      compared += 1;
    }
  }
  t.diagnostic(`${compared} sentences in ${Object.keys(ours).length} languages`);
  assert.ok(compared > 1_000, `${compared} were compared`);
});
