import assert from 'node:assert/strict';

import { admit, inCall, joinAt, part, reads, seesTiles, waitInLobby, write } from '../lib/call.mjs';
import { hearsNothingFor, seesAndHears } from '../lib/media.mjs';
import { scenario } from '../lib/scenario.mjs';
import { scheduleSoon } from '../lib/staff.mjs';

/**
 * A guest who turns the devices on in vain is told why and what to do, and joins all the same: they see and hear, and
 * write.
 *
 * @param {import('../lib/scenario.mjs').Stage} stage
 * @param {import('../lib/browser.mjs').Devices} devices
 * @param {RegExp[]} advice
 */
async function joinsWithout({ app, enter }, devices, advice) {
  const host = await enter('host');
  const { id, link } = await scheduleSoon(app, host);
  await joinAt(host, `/consultations/${id}/room`);

  const guest = await enter('guest', { devices });
  await guest.page.goto(link);
  await part(guest, 'prejoin-enable').click();
  const troubles = part(guest, 'device-trouble');
  await troubles.nth(advice.length - 1).waitFor();
  const told = await troubles.allInnerTexts();
  assert.equal(told.length, advice.length, told.join('\n'));
  for (const [n, sentence] of advice.entries()) assert.match(told[n], sentence);
  assert.equal(await part(guest, 'prejoin-join').innerText(), 'Join without microphone');
  await part(guest, 'prejoin-join').click();
  await waitInLobby(guest);
  await admit(host, 'Ada Okafor');
  await inCall(guest);
  await seesAndHears(guest, {});
  await seesTiles(host, 'camera', 1);
  await hearsNothingFor(host);
  await write(guest, 'I hear you and have no microphone');
  await reads(host, 'I hear you and have no microphone');
}

scenario('who refuses camera and microphone is told how to allow them, and joins to listen', (stage) =>
  joinsWithout(stage, 'refused', [/told not to use the microphone and the camera.*Allow both/]),
);

scenario('who has neither camera nor microphone is told so, and joins to listen', (stage) =>
  joinsWithout(stage, 'none', [/No microphone and no camera were found\. Connect them/]),
);
