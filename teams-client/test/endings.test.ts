import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';

import known from '../../crates/domain/src/teams/end_code/known.json';

/**
 * The Calling SDK's own table of the ways for a call to end, out of its bundle: an object literal of code, sub-code and
 * what they mean. It exports none.
 */
function tableOfSdk(): Map<number, number[]> {
  const bundle = readFileSync(createRequire(import.meta.url).resolve('@azure/communication-calling/dist/sdk.bundle.js'), 'utf8');
  const from = bundle.search(/\{0:\{0:\{(public:!0,)?code:0,subCode:0,message:/);
  assert.ok(from > 0, 'The table is not where it was: look for "subCode:5854" in the bundle.');
  let depth = 0;
  let to = from;
  for (const [part] of bundle.slice(from).matchAll(/"(?:[^"\\]|\\.)*"|[{}]|[^"{}]+/g)) {
    to += part.length;
    if (part === '{') depth += 1;
    else if (part === '}' && (depth -= 1) === 0) break;
  }
  const table = new Map<number, number[]>();
  for (const [, code, sub] of bundle.slice(from, to).matchAll(/[{,]code:(\d+(?:e\d)?),subCode:(\d+(?:e\d)?)/g)) {
    table.set(Number(code), [...(table.get(Number(code)) ?? []), Number(sub)]);
  }
  return table;
}

test('every way for a call to end that the installed SDK knows is one that we explain', () => {
  const table = tableOfSdk();
  assert.ok([...table.values()].flat().length >= 60, 'The table was not read whole.');
  const ours: Partial<Record<string, number[]>> = known;
  for (const [code, subs] of table) {
    const missing = subs.filter((sub) => ours[String(code)]?.includes(sub) !== true);
    assert.deepEqual(missing, [], `${code}: to known.json, and to the table beside it`);
  }
});
