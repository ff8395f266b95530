import assert from 'node:assert/strict';
import { mock, test } from 'node:test';

import { settle, track, world, Participant, Video, THREAD } from './world';

const SECOND = 1_000;

test('joins by link, or by ID and passcode, silent and without a picture', async () => {
  const camera = track('video');
  const byLink = await world({ sending: { camera, muted: false } });
  assert.deepEqual(byLink.seen.locator, { meetingLink: 'https://teams.microsoft.com/l/meetup-join/x' });
  assert.equal(byLink.seen.joined?.audioOptions?.muted, true);
  assert.equal(byLink.seen.joined?.videoOptions, undefined);
  assert.equal(byLink.seen.joined?.audioOptions?.localAudioStreams?.length, 1);
  const byId = await world({ given: { meeting: { id: '123', passcode: 'abc' } } });
  assert.deepEqual(byId.seen.locator, { meetingId: '123', passcode: 'abc' });
  const open = await world({ given: { meeting: { id: '123' } } });
  assert.deepEqual(open.seen.locator, { meetingId: '123' });
});

test('says where the guest stands, and each stand once', async () => {
  const { call, of } = await world();
  call.to('Connecting');
  call.to('InLobby');
  call.to('InLobby');
  call.to('Connected');
  call.to('Disconnecting');
  assert.deepEqual(of('state').map((event) => event.state), ['connecting', 'lobby', 'connected']);
});

test('reports the end once, with the codes, frees everything and says nothing more', async () => {
  const { call, events, of, freed } = await world();
  call.to('Connected');
  call.to('Disconnected', { code: 0, subCode: 5854 });
  call.to('Disconnected', { code: 0, subCode: 1 });
  call.to('Connected');
  await settle();
  assert.deepEqual(of('ended'), [{ type: 'ended', code: 0, subCode: 5854 }]);
  assert.equal(events.at(-1)?.type, 'ended');
  assert.deepEqual(freed, ['agent', 'client', 'credential']);
});

test('an SDK that cannot be loaded ends the call as not loaded', async () => {
  const { of } = await world({ loader: { sdk: () => Promise.reject(new Error('blocked')) } });
  assert.deepEqual(of('ended'), [{ type: 'ended', code: -1, subCode: 1 }]);
});

test('a failing call agent ends with the codes of its error, or with ours', async () => {
  const coded = await world({ agent: () => Promise.reject(Object.assign(new Error('no'), { code: 403, subCode: 5221 })) });
  assert.deepEqual(coded.of('ended'), [{ type: 'ended', code: 403, subCode: 5221 }]);
  const half = await world({ agent: () => Promise.reject(Object.assign(new Error('no'), { code: 408 })) });
  assert.deepEqual(half.of('ended'), [{ type: 'ended', code: 408, subCode: 0 }]);
  const bare = await world({ agent: () => Promise.reject(new Error('no')) });
  assert.deepEqual(bare.of('ended'), [{ type: 'ended', code: -1, subCode: 3 }]);
});

test('45 seconds without progress end the call; progress starts them anew; the lobby has no end', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const stuck = await world({ loader: { sdk: () => new Promise(() => {}) } });
    mock.timers.tick(44 * SECOND);
    assert.equal(stuck.of('ended').length, 0);
    mock.timers.tick(2 * SECOND);
    assert.deepEqual(stuck.of('ended'), [{ type: 'ended', code: -1, subCode: 2 }]);

    const slow = await world();
    mock.timers.tick(44 * SECOND);
    slow.call.to('Connecting');
    mock.timers.tick(44 * SECOND);
    assert.equal(slow.of('ended').length, 0);
    slow.call.to('InLobby');
    mock.timers.tick(3_600 * SECOND);
    assert.equal(slow.of('ended').length, 0);
    slow.engine.leave();
  } finally {
    mock.timers.reset();
  }
});

test('leaving hangs up, frees everything, stops our copies but not the page\u2019s tracks, and reports nothing', async () => {
  const microphone = track('audio');
  const camera = track('video');
  const { engine, call, events, freed, seen } = await world({ sending: { microphone, camera, muted: false } });
  call.to('Connected');
  await settle();
  const before = events.length;
  engine.leave();
  call.to('Disconnected', { code: 0, subCode: 0 });
  await settle();
  assert.equal(events.length, before);
  assert.ok(call.done.includes('hangUp'));
  assert.deepEqual(freed, ['agent', 'client', 'credential']);
  assert.ok(seen.audio?.disposed);
  assert.ok(microphone.copies.every((copy) => copy.stopped) && camera.copies.every((copy) => copy.stopped));
  assert.ok(!microphone.stopped && !camera.stopped);
});

test('leaving while the call agent is being made frees the agent that comes too late', async () => {
  let made: (agent: never) => void = () => {};
  const late = await world({ agent: () => new Promise((resolve) => { made = resolve; }) });
  late.engine.leave();
  made(late.agent as never);
  await settle();
  assert.ok(late.freed.includes('agent'));
  assert.equal(late.seen.locator, undefined);
});

test('sends nothing before the guest is in, then the microphone, the camera and the screen', async () => {
  const microphone = track('audio');
  const camera = track('video');
  const screen = track('video');
  const { call, seen } = await world({ sending: { microphone, camera, screen, muted: false } });
  call.to('InLobby');
  await settle();
  assert.deepEqual(call.done, []);
  call.to('Connected');
  await settle();
  assert.deepEqual(call.done, ['unmute', 'startVideo', 'startScreenSharing']);
  assert.equal(seen.audio?.stream.getTracks()[0]?.id, microphone.copies[0]?.id);
});

test('a muted person is connected with the microphone ready and muted', async () => {
  const { call, engine } = await world({ sending: { microphone: track('audio'), muted: true } });
  call.to('Connected');
  await settle();
  assert.ok(call.isMuted);
  engine.mute(false);
  await settle();
  assert.ok(!call.isMuted);
  engine.mute(true);
  await settle();
  assert.ok(call.isMuted);
});

test('a microphone that goes is replaced by silence, a camera that changes by the new one', async () => {
  const microphone = track('audio');
  const camera = track('video');
  const { call, engine, seen } = await world({ sending: { microphone, camera, muted: false } });
  call.to('Connected');
  await settle();
  engine.setMicrophone(undefined);
  const other = track('video');
  engine.setCamera(other);
  await settle();
  assert.ok(call.isMuted);
  assert.notEqual(seen.audio?.stream.getTracks()[0]?.id, microphone.copies[0]?.id);
  assert.deepEqual(call.done.filter((what) => what.includes('Video')), ['startVideo', 'stopVideo', 'startVideo']);
  assert.ok(camera.copies[0]?.stopped);
  engine.setCamera(undefined);
  await settle();
  assert.equal(call.done.at(-1), 'stopVideo');
});

test('a camera that the meeting refuses is said in words and not tried over and over', async () => {
  const { call, engine, of } = await world({ sending: { camera: track('video'), muted: false }, prepare: (one) => one.refuses.add('startVideo') });
  call.to('Connected');
  await settle();
  engine.networkChanged();
  await settle();
  assert.deepEqual(of('diagnostic').map((event) => event.code), ['cameraRefused']);
  assert.deepEqual(of('refused'), [{ type: 'refused', source: 'camera' }]);
  // A right that comes is a reason to try once more.
  call.refuses.clear();
  call.capabilities.set({ shareScreen: true, turnVideoOn: true, unmuteMic: true });
  await settle();
  assert.deepEqual(call.done, ['startVideo']);
});

test('a viewer\u2019s seat sends nothing, whatever the page asks and Teams allows', async () => {
  const { call, engine, of } = await world({
    given: { publish: 'nothing' },
    sending: { microphone: track('audio'), camera: track('video'), screen: track('video'), muted: false },
  });
  call.to('Connected');
  engine.mute(false);
  engine.setCamera(track('video'));
  engine.setScreen(track('video'));
  call.capabilities.set({ shareScreen: true, turnVideoOn: true, unmuteMic: true });
  await settle();
  assert.deepEqual(call.done, []);
  assert.deepEqual(of('may'), [{ type: 'may', share: false, camera: false, microphone: false }]);
});

test('what the role forbids is not sent, and is said', async () => {
  const { call, of } = await world({ sending: { microphone: track('audio'), camera: track('video'), screen: track('video'), muted: false } });
  call.capabilities.set({ shareScreen: false, turnVideoOn: true, unmuteMic: true });
  call.role = 'Attendee';
  call.emit('roleChanged');
  call.to('Connected');
  await settle();
  assert.deepEqual(call.done.toSorted(), ['startVideo', 'unmute']);
  assert.deepEqual(of('may').at(-1), { type: 'may', share: false, camera: true, microphone: true });
  assert.deepEqual(of('role'), [{ type: 'role', role: 'Attendee' }]);
});

test('where consent is demanded nothing is sent before the guest agreed', async () => {
  const { call, engine, of } = await world({
    sending: { microphone: track('audio'), camera: track('video'), muted: false },
    prepare: (one) => {
      one.demand.isRequired = true;
      one.recording.isRecordingActive = true;
    },
  });
  call.to('Connected');
  await settle();
  assert.deepEqual(call.done, []);
  assert.equal(of('consentRequired').length, 1);
  assert.deepEqual(of('recording'), [{ type: 'recording', on: true }]);
  engine.consent();
  engine.consent();
  await settle();
  assert.deepEqual(call.done, ['grant', 'unmute', 'startVideo']);
});

test('a demand that comes in the middle of a call silences at once, and a new one asks anew', async () => {
  const microphone = track('audio');
  const camera = track('video');
  const { call, engine, of } = await world({ sending: { microphone, camera, muted: false } });
  call.to('Connected');
  await settle();
  call.demand.isRequired = true;
  call.transcription.isTranscriptionActive = true;
  call.transcription.emit('isTranscriptionActiveChanged');
  assert.ok(microphone.copies.every((copy) => !copy.enabled) && camera.copies.every((copy) => !copy.enabled));
  await settle();
  assert.deepEqual(call.done.slice(-2), ['mute', 'stopVideo']);
  assert.deepEqual(of('transcription'), [{ type: 'transcription', on: true }]);
  engine.consent();
  await settle();
  assert.deepEqual(call.done.slice(-3), ['grant', 'unmute', 'startVideo']);
  call.demand.isRequired = true;
  call.recording.emit('isRecordingActiveChanged');
  await settle();
  assert.equal(of('consentRequired').length, 2);
});

test('a consent that does not arrive is asked for again', async () => {
  const { call, engine, of } = await world({ prepare: (one) => { one.demand.isRequired = true; one.refuses.add('grant'); } });
  call.to('Connected');
  engine.consent();
  await settle();
  assert.equal(of('consentRequired').length, 2);
  call.refuses.clear();
  engine.consent();
  await settle();
  assert.deepEqual(call.done, ['grant']);
});

test('a demand that is withdrawn is taken back, and what was held goes out', async () => {
  const { call, of } = await world({
    sending: { microphone: track('audio'), muted: false },
    prepare: (one) => { one.demand.isRequired = true; },
  });
  call.to('Connected');
  await settle();
  assert.deepEqual(call.done, []);
  call.demand.isRequired = false;
  call.recording.emit('isRecordingActiveChanged');
  await settle();
  assert.deepEqual(of('consentRequired').map((event) => event.on), [true, false]);
  assert.deepEqual(call.done, ['unmute']);
});

test('consent is granted once, though both features ask for it and the flag follows late', async () => {
  const { call, engine } = await world({
    sending: { microphone: track('audio'), muted: false },
    prepare: (one) => {
      one.demand.isRequired = true;
      one.demand.grant = () => { one.done.push('grant'); return Promise.resolve(); };
    },
  });
  call.to('Connected');
  engine.consent();
  await settle();
  assert.deepEqual(call.done, ['grant', 'unmute']);
});

test('a consent that the meeting has already, or does not want, is as good as given', async () => {
  const { call, engine, of } = await world({
    sending: { microphone: track('audio'), muted: false },
    prepare: (one) => {
      one.demand.isRequired = true;
      one.demand.grant = () => Promise.reject(Object.assign(new Error('already'), { code: 400, subCode: 41113 }));
    },
  });
  call.to('Connected');
  engine.consent();
  await settle();
  assert.equal(of('diagnostic').length, 0);
  assert.deepEqual(call.done, ['unmute']);
});

test('recording and transcription are told when they start and when they stop', async () => {
  const { call, of } = await world();
  for (const on of [true, false]) {
    call.recording.isRecordingActive = on;
    call.recording.emit('isRecordingActiveChanged');
    call.recording.emit('isRecordingActiveChanged');
  }
  assert.deepEqual(of('recording').map((event) => event.on), [true, false]);
});

test('tells the people whole: names, hands, who is muted, and nobody who waits', async () => {
  const { call, of } = await world();
  const anna = new Participant('anna', 'Anna');
  const waiting = new Participant('wim', 'Wim');
  waiting.state = 'InLobby';
  call.remoteParticipants = [anna, waiting];
  call.emit('remoteParticipantsUpdated', { added: [anna, waiting], removed: [] });
  call.hands.set('8:orgid:anna', true);
  anna.isMuted = true;
  anna.emit('isMutedChanged');
  assert.deepEqual(of('people').at(-1)?.people, [
    { id: '8:orgid:anna', name: 'Anna', muted: true, hand: true, speaking: false, self: false },
    { id: '8:acs:me', name: 'Ana', muted: true, hand: false, speaking: false, self: true },
  ]);
  call.emit('remoteParticipantsUpdated', { added: [], removed: [anna] });
  assert.deepEqual(of('people').at(-1)?.people.map((one) => one.name), ['Ana']);
});

test('whoever dominates comes first', async () => {
  const { call, of } = await world();
  const [anna, ben] = [new Participant('anna', 'Anna'), new Participant('ben', 'Ben')];
  call.emit('remoteParticipantsUpdated', { added: [anna, ben], removed: [] });
  Object.assign(call.speakers, { dominantSpeakers: { speakersList: [ben.identifier], timestamp: new Date() } });
  call.speakers.emit('dominantSpeakersChanged');
  assert.deepEqual(of('people').at(-1)?.people.map((one) => one.name), ['Ben', 'Anna', 'Ana']);
});

test('shows pictures when they come and takes them away when they go', async () => {
  const { call, of } = await world();
  const anna = new Participant('anna', 'Anna');
  const [camera, screen] = [new Video('Video'), new Video('ScreenSharing')];
  screen.isAvailable = false;
  anna.videoStreams = [camera, screen];
  call.emit('remoteParticipantsUpdated', { added: [anna], removed: [] });
  await settle();
  assert.deepEqual(of('stream').map((event) => event.source), ['camera']);
  screen.isAvailable = true;
  screen.emit('isAvailableChanged');
  await settle();
  assert.equal(of('stream').at(-1)?.stream, screen.stream);
  camera.isAvailable = false;
  camera.emit('isAvailableChanged');
  assert.deepEqual(of('streamGone'), [{ type: 'streamGone', id: '8:orgid:anna', source: 'camera' }]);
  call.emit('remoteParticipantsUpdated', { added: [], removed: [anna] });
  assert.deepEqual(of('streamGone').map((event) => event.source), ['camera', 'screen']);
});

test('says the network\u2019s quality, an interruption and its end', async () => {
  const { call, of } = await world();
  call.to('Connected');
  call.diagnostics.set('network', 'networkReceiveQuality', 2);
  call.diagnostics.set('network', 'networkSendQuality', 3);
  call.diagnostics.set('network', 'networkReconnect', 3);
  call.diagnostics.set('network', 'networkReconnect', 1);
  call.diagnostics.set('network', 'networkSendQuality', 1);
  call.diagnostics.set('network', 'networkReceiveQuality', 1);
  assert.deepEqual(of('quality').map((event) => event.quality), ['fair', 'poor', 'lost', 'poor', 'fair', 'good']);
  assert.deepEqual(of('state').map((event) => event.state), ['connecting', 'connected', 'interrupted', 'connected']);
});

test('says in words what the SDK notices, when it comes and not when it goes', async () => {
  const { call, of } = await world();
  call.diagnostics.set('media', 'cameraStartFailed', true);
  call.diagnostics.set('media', 'cameraStartFailed', false);
  call.diagnostics.set('media', 'screenshareRecordingDisabled', true);
  assert.deepEqual(of('diagnostic').map((event) => event.code), ['cameraStartFailed']);
});

test('turns captions on, brings them, and says when a meeting has none', async () => {
  const { call, engine, of } = await world();
  engine.captions(true);
  await settle();
  call.captions.caption('Anna', 'Good mor', false);
  call.captions.caption('Anna', 'Good morning', true);
  assert.deepEqual(of('captions'), [{ type: 'captions', on: true }]);
  assert.deepEqual(of('caption').map(({ text, final }) => [text, final]), [['Good mor', false], ['Good morning', true]]);
  engine.captions(false);
  await settle();
  call.captions.captions.startCaptions = () => Promise.reject(new Error('no'));
  engine.captions(true);
  await settle();
  assert.deepEqual(of('captions').map((event) => event.on), [true, false, false]);
  assert.equal(of('diagnostic').length, 1);
});

test('raises a hand and reacts; a refusal is a sentence', async () => {
  const { call, engine, of } = await world();
  call.to('Connected');
  engine.raiseHand(true);
  engine.react('heart');
  await settle();
  assert.equal(of('people').at(-1)?.people.at(-1)?.hand, true);
  assert.deepEqual(of('reaction'), [{ type: 'reaction', id: '8:acs:me', kind: 'heart' }]);
  engine.raiseHand(false);
  await settle();
  assert.equal(of('people').at(-1)?.people.at(-1)?.hand, false);
  call.reactions.sendReaction = () => Promise.reject(new Error('no'));
  engine.react('like');
  await settle();
  assert.deepEqual(of('diagnostic').map((event) => event.code), ['reactionFailed']);
});

test('whom the host muted stays muted and is told', async () => {
  const { call, of } = await world({ sending: { microphone: track('audio'), muted: false } });
  call.to('Connected');
  await settle();
  call.isMuted = true;
  call.emit('mutedByOthers');
  await settle();
  assert.ok(call.isMuted);
  assert.equal(of('mutedByOthers').length, 1);
  assert.equal(of('diagnostic')[0]?.code, 'mutedByHost');
});

test('the token is given with its own end, never looked into, and renewed through the seat', async () => {
  const { seen } = await world({ given: { token: 'not.a.jwt' } });
  assert.deepEqual(seen.refresh?.token, { token: 'not.a.jwt', expiresOnTimestamp: Date.parse('2029-01-01T00:00:00Z') });
  assert.deepEqual(await seen.refresh?.tokenRefresher(), { token: 'fresh', expiresOnTimestamp: Date.parse('2030-01-01T00:00:00Z') });
});

test('a server that cannot renew the token now is asked again', async () => {
  let asked = 0;
  const { seen, engine } = await world({
    refresh: () => ((asked += 1) < 3 ? Promise.reject(new Error('busy')) : Promise.resolve({ token: 'late', expiresOn: '2030-01-01T00:00:00Z' })),
  });
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const fresh = seen.refresh?.tokenRefresher();
    for (let turn = 0; turn < 2; turn += 1) {
      await settle();
      mock.timers.tick(30 * SECOND);
    }
    assert.equal((await fresh as { token: string }).token, 'late');
    assert.equal(asked, 3);
  } finally {
    mock.timers.reset();
  }
  engine.leave();
});

test('the chat comes once the guest is in: the past in order, the new, and our own', async () => {
  const { call, chat, engine, of } = await world({ given: { chat: { endpoint: 'https://x.communication.azure.com' } } });
  chat.past = ['2', '1'].map((id) => ({
    id, type: 'text', sequenceId: id, version: '1', content: { message: `past ${id}` }, createdOn: new Date(Number(id)), senderDisplayName: 'Anna',
  }));
  engine.say('before it was there');
  assert.deepEqual(of('unsent'), [{ type: 'unsent', text: 'before it was there' }]);
  call.info.threadId = THREAD;
  call.to('InLobby');
  await settle();
  assert.equal(of('chat').length, 0);
  call.to('Connected');
  await settle();
  chat.receive('3', 'hello');
  chat.receive('3', 'hello');
  chat.receive('4', 'mine', 'Text', '8:acs:me');
  chat.receive('5', 'somebody came', 'ThreadActivity/AddMember');
  assert.deepEqual(of('chat').map(({ text, mine }) => [text, mine]), [['past 1', false], ['past 2', false], ['hello', false], ['mine', true]]);
  assert.equal(of('chatOn').length, 1);
  engine.say('now it is');
  await settle();
  assert.deepEqual(chat.sent, ['now it is']);
  assert.equal(of('wrote').length, 1);
  engine.leave();
  await settle();
  assert.ok(chat.stopped);
});

for (const [status, reason] of [[403, 'forbidden'], [410, 'ended'], [500, 'failed']] as const) {
  test(`a chat that answers ${status} is off: ${reason}`, async () => {
    const { call, chat, of, engine } = await world({ given: { chat: { endpoint: 'https://x' } } });
    chat.failure = status;
    call.info.threadId = THREAD;
    call.to('Connected');
    await settle();
    engine.say('nobody hears');
    await settle();
    assert.deepEqual(of('chatOff'), [{ type: 'chatOff', reason }]);
    assert.deepEqual(of('unsent'), [{ type: 'unsent', text: 'nobody hears' }]);
    assert.equal(of('chatOn').length + of('wrote').length, 0);
  });
}

for (const [status, off] of [[403, 1], [500, 0]] as const) {
  test(`a message that is answered with ${status} is handed back and not counted`, async () => {
    const { call, chat, of, engine } = await world({ given: { chat: { endpoint: 'https://x' } } });
    call.info.threadId = THREAD;
    call.to('Connected');
    await settle();
    chat.failure = status;
    engine.say('one');
    engine.say('two');
    await settle();
    engine.say('three');
    await settle();
    assert.deepEqual(of('unsent').map((event) => event.text), ['one', 'two', 'three']);
    assert.equal(of('chatOff').length, off);
    assert.equal(of('wrote').length, 0);
  });
}

test('without a chat of the meeting what is said is handed back', async () => {
  const { engine, of } = await world();
  engine.say('hello');
  assert.deepEqual(of('unsent'), [{ type: 'unsent', text: 'hello' }]);
});

test('a channel\u2019s meeting has no chat for guests, and none is fetched', async () => {
  const { call, of } = await world({
    given: { chat: { endpoint: 'https://x' } },
    loader: { chat: () => { throw new Error('fetched'); } },
  });
  call.info.threadId = '19:x@thread.tacv2';
  call.to('Connected');
  await settle();
  assert.deepEqual(of('chatOff'), [{ type: 'chatOff', reason: 'channel' }]);
});

test('a chat whose chunk cannot be fetched is off, and the call goes on', async () => {
  const { call, of } = await world({ given: { chat: { endpoint: 'https://x' } }, loader: { chat: () => Promise.reject(new Error('no')) } });
  call.info.threadId = THREAD;
  call.to('Connected');
  await settle();
  assert.deepEqual(of('chatOff'), [{ type: 'chatOff', reason: 'failed' }]);
  assert.equal(of('ended').length, 0);
});

test('without chat in the credentials the chat is never touched', async () => {
  const { call, of } = await world({ loader: { chat: () => { throw new Error('fetched'); } } });
  call.info.threadId = THREAD;
  call.to('Connected');
  await settle();
  assert.equal(of('chatOff').length, 0);
});

test('a feature that the meeting lacks does not cost the meeting; without the one for consent nothing is sent', async () => {
  const { call, of } = await world({
    sending: { microphone: track('audio'), muted: false },
    prepare: (one) => {
      const feature = one.feature.bind(one);
      one.feature = (factory) => {
        const found = feature(factory) as unknown;
        if (found === one.recording || found === one.captions) throw new Error('not here');
        return found as never;
      };
    },
  });
  call.to('Connected');
  await settle();
  assert.deepEqual(of('state').at(-1), { type: 'state', state: 'connected' });
  assert.deepEqual(call.done, []);
  assert.equal(of('diagnostic').length, 2);
});
