import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

import { shoot } from './shots.mjs';

const source = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * Everything that axe knows to be wrong with the page as it stands, in words.
 *
 * @param {import('playwright-core').Page} page
 * @param {string[]} [rules] only these
 * @returns {Promise<string[]>}
 */
export async function violations(page, rules) {
  // Through the debugger and not as a script of the page: its content security policy stays as it is.
  await page.evaluate(source);
  const found = await page.evaluate(async (rules) => {
    const { violations } = await globalThis.axe.run(document, { resultTypes: ['violations'], ...(rules && { runOnly: rules }) });
    return violations.map(({ id, impact, help, nodes }) => ({
      id,
      impact,
      help,
      nodes: nodes.map((node) => `${node.target.join(' ')}: ${node.any.concat(node.all, node.none).map((check) => check.message).join(' ')}`),
    }));
  }, rules);
  return found.map(({ id, impact, help, nodes }) => `${id} (${impact}): ${help}\n      ${nodes.slice(0, 5).join('\n      ')}`);
}

/**
 * What axe finds at a phone's width and at a desk's, in light and in dark (where only colours are others), and what doesn't
 * fit; with pictures of all four.
 *
 * @param {import('playwright-core').Page} page
 * @param {string} name of the page, for the message and the pictures
 */
export const inspect = (page, name) => shoot(page, name, (colorScheme) => violations(page, colorScheme === 'dark' ? ['color-contrast'] : undefined));

/** The same, as a verdict. @param {import('playwright-core').Page} page @param {string} name */
export async function assertAccessible(page, name) {
  const found = await inspect(page, name.toLowerCase().replace(/[^a-z0-9]+/g, '-'));
  if (found.length > 0) throw new Error(`${name}:\n  ${found.join('\n  ')}`);
}
