import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { startApp } from '../lib/app.mjs';
import { violations } from '../lib/axe.mjs';
import { assertQuiet, launch, person } from '../lib/browser.mjs';
import { hearsNothingAnyMore, hearsNothingFor, seesAndHears } from '../lib/media.mjs';
import { OUT } from '../lib/paths.mjs';
import { shoot } from '../lib/shots.mjs';
import { firstBytes, table, weigh } from '../lib/weight.mjs';
import { asBinary } from './stand-in.mjs';

/** @type {import('../lib/app.mjs').App} */
let app;
/** @type {import('playwright-core').Browser} */
let browser;

before(async () => {
  await asBinary({}, async () => {
    app = await startApp();
  });
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await app?.stop();
});

const at = async (/** @type {string} */ path, options = {}) => {
  const who = await person(browser, 'somebody', { url: app.url, ...options });
  await who.page.goto(path);
  return who;
};

test('a page on which nothing goes wrong is quiet', async () => {
  assertQuiet(await at('/'));
});

test('a script that throws is noticed', async () => {
  const who = await at('/throws');
  assert.throws(() => assertQuiet(who), /on purpose/);
});

test('what the content security policy refuses is noticed', async () => {
  const who = await at('/inline');
  assert.throws(() => assertQuiet(who), /Content Security Policy/i);
});

test('a trouble that a test is about can be expected', async () => {
  assertQuiet(await at('/throws', { expected: [/on purpose/] }));
});

test('people share nothing', async () => {
  const [one, other] = [await at('/'), await at('/')];
  await one.page.evaluate(() => sessionStorage.setItem('seat', 'x') ?? (document.cookie = 'a=b'));
  assert.equal(await other.page.evaluate(() => document.cookie + sessionStorage.length), '0');
});

test('axe runs beside a strict policy, passes a good page and names the field without a label', async () => {
  const good = await at('/');
  assert.deepEqual(await violations(good.page), []);
  const bad = await at('/unlabelled');
  assert.match((await violations(bad.page)).join(), /label/);
  assertQuiet(bad);
});

test('pictures are made for phone and desk, and what does not fit is told', async () => {
  const good = await at('/');
  assert.deepEqual(await shoot(good.page, 'harness'), []);
  for (const file of ['harness-360-light.png', 'harness-360-dark.png', 'harness-1280-light.png', 'harness-1280-dark.png']) {
    assert.ok((await stat(join(OUT, file))).size > 1_000, file);
  }
  const wide = await at('/wide');
  assert.match((await shoot(wide.page, 'harness-wide')).join(), /on a screen of 360 px/);
});

test('scripts weigh, but not among the first bytes', async () => {
  const who = await at('/');
  const weight = await weigh(who.context, `${app.url}/script`);
  assert.ok(weight.script > 100_000, JSON.stringify(weight));
  assert.ok(weight.css > 0 && weight.html > 0, JSON.stringify(weight));
  assert.ok(firstBytes(weight) < 2_000, JSON.stringify(weight));
  assert.match(table([['/script', weight]]), /page .*html/);
});

test('media that arrives is seen and heard; media that does not is missed', async () => {
  const who = await at('/');
  await who.page.evaluate(async () => {
    const [here, there] = [new RTCPeerConnection(), new RTCPeerConnection()];
    here.onicecandidate = ({ candidate }) => candidate && there.addIceCandidate(candidate);
    there.onicecandidate = ({ candidate }) => candidate && here.addIceCandidate(candidate);
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
    stream.getTracks().forEach((track) => here.addTrack(track, stream));
    await here.setLocalDescription();
    await there.setRemoteDescription(here.localDescription);
    await there.setLocalDescription();
    await here.setRemoteDescription(there.localDescription);
    const video = document.createElement('video');
    there.ontrack = ({ streams }) => (video.srcObject = streams[0]);
    video.srcObject = new MediaStream(there.getReceivers().map(({ track }) => track));
    document.querySelector('main').append(video);
    await video.play();
    globalThis.__anteroom_pc = there;
    globalThis.keepAlive = [here, there, stream];
  });
  await seesAndHears(who, { videos: 1, audios: 1 });
  await assert.rejects(seesAndHears(who, { videos: 2, audios: 1, within: 500 }), /should see 2/);
  // Of any stretch of that length.
  for (let n = 0; n < 4; n += 1) await assert.rejects(hearsNothingFor(who), /should hear nothing/);
  await who.page.evaluate(() => globalThis.keepAlive[2].getTracks().forEach((track) => track.stop()));
  await hearsNothingAnyMore(who);
  await hearsNothingFor(who);
  await assert.rejects(seesAndHears(who, { videos: 1, audios: 1, within: 1_000 }), /0 and 0 arrive/);
});
