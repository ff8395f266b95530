// npm `@azure/communication-identity`, as Microsoft publishes it, against the emulator.
import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';

import { AzureCommunicationTokenCredential } from '@azure/communication-common';
import { CommunicationIdentityClient } from '@azure/communication-identity';

import { startEmulator } from './emulator.mjs';

const emulator = await startEmulator();
after(() => emulator.stop());
beforeEach(() => emulator.admin('POST', 'reset'));

/** Another key, and just as long. */
const WRONG_KEY = Buffer.from('some other key, that is no secret').toString('base64');

const client = (connectionString = emulator.connectionString) =>
  new CommunicationIdentityClient(connectionString, { allowInsecureConnection: true });

/** The answer of `work`, where it must be refused. */
async function refused(work) {
  try {
    await work;
  } catch (error) {
    return { status: error.statusCode, code: error.code };
  }
  return assert.fail('it was not refused');
}

test('an identity is created', async () => {
  const user = await client().createUser();
  assert.match(user.communicationUserId, /^8:acs:[0-9a-f-]{36}_[0-9a-f-]{36}$/);
  const { identities } = await emulator.admin('GET', 'state');
  assert.deepEqual([identities.length, identities[0].id], [1, user.communicationUserId]);
});

test('an identity is created with its token, which the credential of the Calling SDK reads', async () => {
  const { user, token, expiresOn } = await client().createUserAndToken(['voip', 'chat.join.limited'], {
    tokenExpiresInMinutes: 60,
  });
  const { identities } = await emulator.admin('GET', 'state');
  assert.equal(identities[0].tokens[0].expiresOn.slice(0, 19), expiresOn.toISOString().slice(0, 19));
  assert.deepEqual(await emulator.admin('POST', 'tokens/check', { token }), {
    state: 'good',
    identity: user.communicationUserId,
    scopes: ['voip', 'chat.join.limited'],
  });
  const read = await new AzureCommunicationTokenCredential(token).getToken();
  assert.equal(read.token, token);
  assert.equal(read.expiresOnTimestamp, Math.floor(expiresOn.getTime() / 1000) * 1000);
});

test('a further token is issued, for a day where no time is named', async () => {
  const user = await client().createUser();
  const { token, expiresOn } = await client().getToken(user, ['voip.join']);
  assert.equal((await emulator.admin('POST', 'tokens/check', { token })).state, 'good');
  const { identities } = await emulator.admin('GET', 'state');
  const day = expiresOn.getTime() - Date.parse(identities[0].tokens[0].issuedAt);
  assert.ok(Math.abs(day - 24 * 60 * 60 * 1000) < 1000, `${day} ms`);
});

test('tokens are revoked', async () => {
  const { user, token } = await client().createUserAndToken(['voip']);
  await client().revokeTokens(user);
  assert.equal((await emulator.admin('POST', 'tokens/check', { token })).state, 'revoked');
});

test('an identity is deleted, and then there is none', async () => {
  const { user, token } = await client().createUserAndToken(['voip']);
  await client().deleteUser(user);
  assert.equal((await emulator.admin('POST', 'tokens/check', { token })).state, 'revoked');
  assert.deepEqual(await refused(client().getToken(user, ['voip'])), { status: 404, code: 'IdentityNotFound' });
});

test('what makes no sense is refused in a form that the client understands', async () => {
  const user = await client().createUser();
  assert.deepEqual(await refused(client().getToken(user, [])), { status: 400, code: 'BadRequest' });
  const short = client().createUserAndToken(['voip'], { tokenExpiresInMinutes: 30 });
  assert.deepEqual(await refused(short), { status: 400, code: 'BadRequest' });
});

test('a wrong key is refused, and nothing is made', async () => {
  const wrong = client(emulator.connectionString.replace(emulator.accessKey, WRONG_KEY));
  assert.deepEqual(await refused(wrong.createUser()), { status: 401, code: 'Denied' });
  assert.deepEqual(await refused(wrong.createUserAndToken(['voip'])), { status: 401, code: 'Denied' });
  const { identities, refusals } = await emulator.admin('GET', 'state');
  assert.equal(identities.length, 0);
  assert.match(refusals[0].reason, /another key/);
});

test('a clock that is ten minutes off is refused', async () => {
  await emulator.admin('PUT', 'clock', { skewSeconds: 600 });
  assert.deepEqual(await refused(client().createUser()), { status: 401, code: 'Denied' });
});

test('the client waits as long as it is told when it is throttled, and then succeeds', async () => {
  const fault = { kind: 'status', status: 429, retryAfter: '1' };
  await emulator.admin('POST', 'faults', { operation: 'identity.create', fault });
  await client().createUser();
  const { requests } = await emulator.admin('GET', 'state');
  assert.deepEqual(requests['identity.create'], { total: 2, answers: { 201: 1, 429: 1 } });
});
