// Serves a build of the Teams client on `http://localhost`, the only plain-text origin that Microsoft's SDK accepts, with
// the content security policy that the meeting page has.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';

/** @param {string[]} hosts */
export const policy = (hosts) =>
  [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    `connect-src 'self' ${hosts.join(' ')}`,
    "worker-src 'self' blob:",
    "media-src 'self' blob: mediastream:",
    "img-src 'self' data: blob:",
    "style-src 'self'",
    "base-uri 'none'",
  ].join('; ');

/**
 * @param {string} folder a build: `dist` or `dist-fake`
 * @param {string[]} [more] further hosts that the page may reach
 */
export async function serve(folder, more = []) {
  const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
  const names = new Set(manifest.files.map((/** @type {{name: string}} */ file) => file.name));
  /** @type {string[]} */
  const served = [];
  const server = createServer((request, response) => {
    const name = (request.url ?? '/').slice(1);
    served.push(name);
    if (name === '') {
      response.writeHead(200, { 'content-type': 'text/html', 'content-security-policy': policy([...manifest.hosts, ...more]) });
      response.end('<!doctype html><meta charset="utf-8"><title>Teams client</title>');
    } else if (names.has(name)) {
      readFile(join(folder, `${name}.br`)).then(
        (body) => {
          response.writeHead(200, {
            'content-type': 'text/javascript',
            'content-encoding': 'br',
            'cache-control': 'public, max-age=31536000, immutable',
          });
          response.end(body);
        },
        () => response.writeHead(500).end(),
      );
    } else response.writeHead(name === 'favicon.ico' ? 204 : 404).end();
  });
  await new Promise((resolve) => server.listen(0, 'localhost', () => resolve(undefined)));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port.');
  return {
    url: `http://localhost:${address.port}`,
    entry: `/${manifest.entry}`,
    hosts: /** @type {string[]} */ (manifest.hosts),
    manifest,
    served,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
