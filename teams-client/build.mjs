// Builds the module into `dist/` (or, with --fake, over the fake SDK into `dist-fake/`): three files with hashed names,
// each packed beside itself, and the manifest by which the server serves them.
//
// The chunks come first: the entry is told their names and sizes, so that it can show how much of them is here.

import { readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

import { build } from 'esbuild';

const HERE = dirname(fileURLToPath(import.meta.url));
const FAKE = process.argv.includes('--fake');
const OUT = join(HERE, FAKE ? 'dist-fake' : 'dist');
/** Quality 11 takes half a minute for the SDK and saves 4 % over 9. */
const QUALITY = Number(process.env.ANTEROOM_BROTLI ?? (FAKE ? 5 : 10));

/** @param {string} file */
const at = (file) => join(HERE, file);
/** @param {string} name */
const versionOf = (name) => JSON.parse(readFileSync(at(`node_modules/${name}/package.json`), 'utf8')).version;

/** The fake SDK stands in for Microsoft's packages, except where it builds on them itself. */
const swap = {
  name: 'fake-sdk',
  /** @param {import('esbuild').PluginBuild} plugin */
  setup(plugin) {
    plugin.onResolve({ filter: /^@azure\/communication-(calling|common|chat)$/ }, ({ path, importer }) =>
      importer.startsWith(at('src')) ? { path: at(`fake-sdk/${path.split('-').pop()}.ts`) } : undefined,
    );
  },
};

/** @param {string} name @param {Record<string, string>} define */
async function bundle(name, define) {
  const result = await build({
    entryPoints: { [name]: at(`src/${name}.ts`) },
    entryNames: '[name]-[hash]',
    outdir: OUT,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    charset: 'utf8',
    // Microsoft's notices stay with Microsoft's code.
    legalComments: 'inline',
    define: { 'process.env.NODE_ENV': '"production"', global: 'globalThis', ...define },
    plugins: FAKE ? [swap] : [],
    metafile: true,
    logLevel: 'warning',
  });
  const [path = '', { bytes } = { bytes: 0 }] = Object.entries(result.metafile.outputs)[0] ?? [];
  return { name: basename(path), bytes };
}

/** @param {{name: string, bytes: number}} file */
async function pack(file) {
  const path = join(OUT, file.name);
  const raw = readFileSync(path);
  const br = await promisify(brotliCompress)(raw, {
    params: { [constants.BROTLI_PARAM_QUALITY]: QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: raw.length, [constants.BROTLI_PARAM_LGWIN]: 24 },
  });
  const gz = await promisify(gzip)(raw, { level: 9 });
  await Promise.all([writeFile(`${path}.br`, br), writeFile(`${path}.gz`, gz)]);
  return { ...file, gzip: gz.length, brotli: br.length };
}

await rm(OUT, { recursive: true, force: true });
await mkdir(OUT, { recursive: true });
const [sdk, chat] = await Promise.all([bundle('sdk', {}), bundle('chat-sdk', {})]);
const entry = await bundle('index', {
  __SDK__: JSON.stringify(sdk),
  __CHAT__: JSON.stringify(chat),
});
const files = [];
for (const file of [entry, sdk, chat]) files.push(await pack(file));
const manifest = {
  entry: entry.name,
  sdkVersion: FAKE ? 'fake' : versionOf('@azure/communication-calling'),
  chatVersion: FAKE ? 'fake' : versionOf('@azure/communication-chat'),
  hosts: JSON.parse(readFileSync(at('hosts.json'), 'utf8')),
  files,
};
await writeFile(join(OUT, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
for (const file of files) console.log(`${file.name}: ${file.bytes} bytes, gzip ${file.gzip}, brotli ${file.brotli}`);
