import assert from 'node:assert/strict';
import { test } from 'node:test';

import { settle, track, world } from './world';

/** Something of the SDK that takes until the test says so. */
function deferred() {
  let done = () => {};
  const promise = new Promise<void>((resolve) => { done = resolve; });
  return { promise, done };
}

for (const { source, stop, start, right } of [
  { source: 'camera', stop: 'stopVideo', start: 'startVideo', right: 'turnVideoOn' },
  { source: 'screen', stop: 'stopScreenSharing', start: 'startScreenSharing', right: 'shareScreen' },
] as const) {
  test(`a ${source} that becomes forbidden while it is switched does not leave`, async () => {
    const { call, engine } = await world({ sending: { [source]: track('video'), muted: true } });
    call.to('Connected');
    await settle();
    const slow = deferred();
    call[stop] = () => slow.promise;
    const other = track('video');
    if (source === 'camera') engine.setCamera(other);
    else engine.setScreen(other);
    await settle();
    call.capabilities.set({ shareScreen: true, turnVideoOn: true, unmuteMic: true, [right]: false });
    slow.done();
    await settle();
    assert.deepEqual(call.done.filter((what) => what === start), [start]);
    assert.deepEqual(other.copies, []);
  });

  test(`a demand for consent while a ${source} is switched keeps it in until the person agreed`, async () => {
    const { call, engine } = await world({ sending: { [source]: track('video'), muted: true } });
    call.to('Connected');
    await settle();
    const slow = deferred();
    call[stop] = () => slow.promise;
    const other = track('video');
    if (source === 'camera') engine.setCamera(other);
    else engine.setScreen(other);
    await settle();
    call.demand.isRequired = true;
    call.recording.emit('isRecordingActiveChanged');
    slow.done();
    await settle();
    assert.ok(other.copies.every((copy) => !copy.enabled));
    assert.deepEqual(call.done.filter((what) => what === start), [start]);
    engine.consent();
    await settle();
    assert.deepEqual(call.done.filter((what) => what === start), [start, start]);
    assert.ok(other.copies.at(-1)?.enabled);
  });
}

test('copies are dark when the SDK gets them, and lit only by what is allowed and wished', async () => {
  const microphone = track('audio');
  const { call, engine } = await world({ sending: { microphone, muted: true } });
  call.to('Connected');
  await settle();
  assert.deepEqual(microphone.copies.map((copy) => copy.enabled), [false]);
  engine.mute(false);
  await settle();
  assert.deepEqual(microphone.copies.map((copy) => copy.enabled), [true]);
});

test('a wish that comes as the last one is fulfilled is not lost', async () => {
  const { call, engine } = await world({ sending: { microphone: track('audio'), muted: true } });
  call.to('Connected');
  await settle();
  for (let breaths = 0; breaths < 20; breaths += 1) {
    engine.mute(false);
    for (let breath = 0; breath < breaths; breath += 1) await Promise.resolve();
    engine.mute(true);
    await settle();
    assert.ok(call.isMuted, `after ${breaths}`);
  }
});
