// Makes the demonstration once, for all the tests that start on a copy of it: `node lib/demo.mjs <folder>`.

import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { DEMO, startApp } from './app.mjs';

const [, , folder] = process.argv;
if (!folder) throw new Error('Name the folder in which it is to be made.');
await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
const app = await startApp({
  demo: 'fresh',
  // Closed in good order, everything is in the one file.
  beforeDiscard: (data) => copyFile(join(data, DEMO.database), join(folder, DEMO.database)),
});
await writeFile(join(folder, DEMO.printed), app.output());
await app.stop();
