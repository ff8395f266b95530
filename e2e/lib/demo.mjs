// Makes the demonstration once, for all the tests that start on a copy of it: `node lib/demo.mjs <folder>`. A clerk is added
// to it whose days are free: the others are busy around now, and each refusal costs a test a page.

import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { DEMO, startApp } from './app.mjs';
import { account } from './staff.mjs';

const FREE = { name: 'Nora Brunner', email: 'nora.brunner@example.org', password: 'quiet-lamp-river-39' };
/** What the administrator tells her, and what is good for choosing her own. */
const GIVEN = 'told in person, once';

const [, , folder] = process.argv;
if (!folder) throw new Error('Name the folder in which it is to be made.');
await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
const app = await startApp({
  demo: 'fresh',
  // Closed in good order, everything is in the one file.
  beforeDiscard: (data) => copyFile(join(data, DEMO.database), join(folder, DEMO.database)),
});
const { email, password } = account(app, 'admin');
const signedIn = await post('/sign-in', { email, password });
const cookie = signedIn.headers.getSetCookie().map((one) => one.split(';')[0]).join('; ');
const added = await post('/admin/accounts', { ...FREE, password: GIVEN, role: 'clerk', branch: '1', zone: 'Europe/Zurich', active: 'on' }, { cookie });
if (added.headers.get('location') !== '/admin/accounts') throw new Error(`The clerk was not added: ${added.status}`);
const chosen = await post('/sign-in', { email: FREE.email, password: GIVEN, own: FREE.password });
if (chosen.headers.get('location') !== '/') throw new Error(`The clerk could not choose a password: ${chosen.status}`);
await writeFile(join(folder, DEMO.printed), `${app.output()}\nclerk   ${FREE.email}  ${FREE.password}  (${FREE.name}, Zürich Bahnhofplatz)\n`);
await app.stop();

/** A form, as the site's own page sends it. @param {string} path @param {Record<string, string>} fields @param {Record<string, string>} [headers] */
function post(path, fields, headers = {}) {
  return fetch(new URL(path, app.url), { method: 'POST', redirect: 'manual', body: new URLSearchParams(fields), headers: { origin: app.url, ...headers } });
}
