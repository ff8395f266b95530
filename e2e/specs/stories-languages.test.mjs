// One meeting, two languages: each reads their own, whoever speaks what.

import assert from 'node:assert/strict';

import { inspect } from '../lib/axe.mjs';
import { PHONE } from '../lib/browser.mjs';
import { admit, inCall, isOver, joinAt, part, reads, waitInLobby, write } from '../lib/call.mjs';
import { sentences } from '../lib/catalogue.mjs';
import { seesAndHears } from '../lib/media.mjs';
import { scenario } from '../lib/scenario.mjs';
import { scheduleSoon } from '../lib/staff.mjs';

/** @param {import('../lib/browser.mjs').Person} who */
const language = ({ page }) => page.evaluate(() => [document.documentElement.lang, document.documentElement.dir]);

for (const [clerks, guests, name] of [
  ['de', 'ar', 'ليلى حدّاد'],
  ['ar', 'de', 'Jürgen Weiß-Öztürk'],
]) {
  scenario(`a bank’s consultation between a clerk who reads ${clerks} and a customer who reads ${guests}`, async ({ app, enter }) => {
    const [ours, theirs] = await Promise.all([sentences(clerks, 'guest'), sentences(guests, 'guest')]);
    const clerk = await enter('clerk', { locale: clerks });
    const { id, link } = await scheduleSoon(app, clerk, { guest_name: name, guest_language: guests });
    assert.deepEqual(await language(clerk), [clerks, clerks === 'ar' ? 'rtl' : 'ltr']);

    // The browser asks for English; the link is that of somebody who reads another language.
    const guest = await enter('guest', { viewport: PHONE });
    await guest.page.goto(link);
    assert.deepEqual(await language(guest), [guests, guests === 'ar' ? 'rtl' : 'ltr']);
    const found = await inspect(guest.page, `story-${guests}-prejoin`);
    await joinAt(guest, link);
    await waitInLobby(guest);
    await guest.page.getByText(theirs.lobby.next).waitFor();
    found.push(...(await inspect(guest.page, `story-${guests}-lobby`)));
    await guest.page.setViewportSize(PHONE);

    await joinAt(clerk, `/consultations/${id}/room`);
    await part(clerk, 'waiting-guest').getByText(ours.waiting.admit, { exact: true }).waitFor();
    await admit(clerk, name);
    await inCall(guest);
    await Promise.all([seesAndHears(clerk, {}), seesAndHears(guest, {})]);
    await write(clerk, 'Guten Morgen, +41 44 123 45 67');
    await reads(guest, '+41 44 123 45 67');
    await write(guest, 'صباح الخير');
    await reads(clerk, 'صباح الخير');
    found.push(...(await inspect(clerk.page, `story-${clerks}-call-clerk`)));
    found.push(...(await inspect(guest.page, `story-${guests}-call-guest`)));

    await part(clerk, 'end').click();
    await part(clerk, 'end-confirm').click();
    await isOver(guest, 'ended');
    await guest.page.getByText(theirs.over.ended_text).waitFor();
    await part(guest, 'after').click();
    await guest.page.locator('[name=stars][value="5"]').click();
    await guest.page.getByText(theirs.rating.thanks).waitFor();

    // Somebody who would rather read English says so once: on this page, on those that follow, and in what they are sent.
    await guest.page.locator('.language-switch summary').click();
    await guest.page.locator('.language-switch button[lang=en]').click();
    await guest.page.getByText('Thank you for your answer.').waitFor();
    assert.deepEqual(await language(guest), ['en', 'ltr']);
    const elsewhere = await enter('elsewhere', { locale: 'fr' });
    await elsewhere.page.goto(link);
    assert.deepEqual(await language(elsewhere), ['en', 'ltr']);
    const calendar = await guest.page.request.get(`${link}/appointment.ics`);
    assert.match(await calendar.text(), /SUMMARY;LANGUAGE=en:/);
    assert.deepEqual(found, []);
  });
}
