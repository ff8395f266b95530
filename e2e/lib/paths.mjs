import { fileURLToPath } from 'node:url';

/** @param {string} path below `e2e/` */
const here = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** Pictures, and what is left of failed tests. Not in the repository. */
export const OUT = here('out');
