import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

import { dress } from './look.mjs';

const source = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * Everything that axe knows to be wrong with the page as it stands, in words.
 *
 * @param {import('playwright-core').Page} page
 * @returns {Promise<string[]>}
 */
export async function violations(page) {
  // Through the debugger and not as a script of the page: its content security policy stays as it is.
  await page.evaluate(source);
  const found = await page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, { resultTypes: ['violations'] });
    return violations.map(({ id, impact, help, nodes }) => ({
      id,
      impact,
      help,
      nodes: nodes.map((node) => `${node.target.join(' ')}: ${node.any.concat(node.all, node.none).map((check) => check.message).join(' ')}`),
    }));
  });
  return found.map(({ id, impact, help, nodes }) => `${id} (${impact}): ${help}\n      ${nodes.slice(0, 5).join('\n      ')}`);
}

/**
 * Fails where axe finds anything, in light or in dark.
 *
 * @param {import('playwright-core').Page} page
 * @param {string} name of the page, for the message
 */
export async function assertAccessible(page, name) {
  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    await dress(page, colorScheme);
    const found = await violations(page);
    if (found.length > 0) throw new Error(`axe on ${name} (${colorScheme}):\n  ${found.join('\n  ')}`);
  }
}
