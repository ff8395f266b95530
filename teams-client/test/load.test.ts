import assert from 'node:assert/strict';
import { test } from 'node:test';

import { importer } from '../src/load';

test('a module that could not be fetched is asked for by another address the next time', async () => {
  const asked: string[] = [];
  // As a browser that remembers which addresses failed.
  const failed = new Set<string>();
  let isThere = false;
  const fetched = importer((address) => {
    asked.push(address);
    if (failed.has(address) || !isThere) {
      failed.add(address);
      return Promise.reject(new Error('not fetched'));
    }
    return Promise.resolve('module');
  });
  const url = new URL('https://x.example/teams-client/sdk-1.js');
  await assert.rejects(fetched(url));
  await assert.rejects(fetched(url));
  isThere = true;
  assert.equal(await fetched(url), 'module');
  assert.deepEqual(asked, [url.href, `${url.href}?retry=1`, `${url.href}?retry=2`]);
  assert.equal(url.search, '');
});
