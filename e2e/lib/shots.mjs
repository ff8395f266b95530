import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { DESK, PHONE } from './browser.mjs';
import { dress } from './look.mjs';
import { OUT } from './paths.mjs';

/**
 * Four pictures of the page: a phone's width and a desk's, light and dark. Leaves the page as it was on a desk, light.
 *
 * @param {import('playwright-core').Page} page
 * @param {string} name the start of the files' names
 * @param {(colorScheme: 'light' | 'dark') => Promise<string[]>} [judge] looks at the page in each of the four, and says what is wrong
 * @param {readonly ('light' | 'dark')[]} [colorSchemes]
 * @returns {Promise<string[]>} what is wrong, and what doesn't fit: pages that scroll sideways
 */
export async function shoot(page, name, judge = async () => [], colorSchemes = ['dark', 'light']) {
  await mkdir(OUT, { recursive: true });
  const misfits = [];
  for (const viewport of [PHONE, DESK]) {
    await page.setViewportSize(viewport);
    for (const colorScheme of colorSchemes) {
      await dress(page, colorScheme);
      misfits.push(...(await judge(colorScheme)).map((trouble) => `${name} (${viewport.width} px, ${colorScheme}): ${trouble}`));
      await page.screenshot({ path: join(OUT, `${name}-${viewport.width}-${colorScheme}.png`), fullPage: true });
    }
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    if (width > viewport.width) misfits.push(`${name} is ${width} px wide on a screen of ${viewport.width} px`);
  }
  return misfits;
}
