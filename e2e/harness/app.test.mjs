import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';

import { accountsIn, leakIn, startApp, urlIn } from '../lib/app.mjs';
import { asBinary } from './stand-in.mjs';

test('the address and the accounts are read from what the server prints', () => {
  const text = 'Open http://localhost:3000/ now\n\n  clerk   anna.keller@example.org   gentle-river-42\n  admin   b@c.example  p4ss  (Bea, all branches)\n';
  assert.equal(urlIn(text), 'http://localhost:3000');
  assert.deepEqual(accountsIn(text), [
    { role: 'clerk', email: 'anna.keller@example.org', password: 'gentle-river-42', name: undefined },
    { role: 'admin', email: 'b@c.example', password: 'p4ss', name: 'Bea' },
  ]);
  assert.equal(urlIn('nothing yet'), undefined);
});

test('a server is started, answers, stops, and leaves nothing behind', async () => {
  await asBinary({}, async () => {
    const app = await startApp();
    assert.equal((await fetch(app.url)).status, 200);
    assert.equal(app.accounts.length, 2);
    await app.stop();
    assert.equal(existsSync(app.data), false);
  });
});

test('a server that ends badly fails the test', async () => {
  await asBinary({ SERVANT_ENDS_BADLY: '1' }, async () => {
    const app = await startApp();
    await assert.rejects(app.stop(), /ended with 3/);
  });
});

test('a panic fails the test even when the server then ends well', async () => {
  await asBinary({ SERVANT_PANICS: '1' }, async () => {
    const app = await startApp();
    await assert.rejects(app.stop(), /panicked/);
  });
});

test('a server that does not start says why', async () => {
  process.env.ANTEROOM_BIN = '/bin/false';
  await assert.rejects(startApp(), /stopped while it was starting/);
});

test('what a log must not hold is found in it, and not told again', () => {
  const good = ['INFO asked to stop', 'ERROR visit.id=7: a request of visit 7 failed', 'at /j/{secret}, v=01'];
  assert.equal(leakIn(good), undefined);
  for (const [line, what] of [
    ['WARN mail to anna.keller@example.org', 'e-mail'],
    ['GET /j/Zm9vYmFyYmF6cXV4MTIzNA', 'link'],
    ['offer: v=0\\r\\no=- 1', 'SDP'],
    ['candidate:1 1 UDP 2130706431 10.0.0.1 9 typ host', 'candidate'],
  ]) {
    const leak = leakIn([...good, line]);
    assert.match(leak ?? '', new RegExp(what), line);
    assert.ok(!leak?.includes('anna.keller') && !leak?.includes('Zm9v'), leak);
  }
});

test('a log that leaks fails the test', async () => {
  await asBinary({ SERVANT_LEAKS: '1' }, async () => {
    const app = await startApp();
    await assert.rejects(app.stop(), /e-mail address/);
  });
});
