import { readFile } from 'node:fs/promises';

const LOCALES = new URL('../../locales/', import.meta.url);

/**
 * The sentences of one kind of reader, by section and key.
 *
 * @param {string} tag
 * @param {'guest' | 'staff' | 'admin' | 'notice'} group
 * @returns {Promise<Record<string, Record<string, string>>>} none where the language has none yet
 */
export async function sentences(tag, group) {
  try {
    return JSON.parse(await readFile(new URL(`${tag}/${group}.json`, LOCALES), 'utf8'));
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return {};
    throw error;
  }
}
