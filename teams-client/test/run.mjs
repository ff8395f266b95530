// Bundles the tests, as they are TypeScript, and runs them with Node's own test runner.

import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

const HERE = dirname(fileURLToPath(import.meta.url));
const OUT = join(HERE, '../node_modules/.cache/anteroom-tests');
const tests = readdirSync(HERE).filter((name) => name.endsWith('.test.ts'));

rmSync(OUT, { recursive: true, force: true });
await build({
  entryPoints: tests.map((name) => join(HERE, name)),
  outdir: OUT,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  sourcemap: 'inline',
  logLevel: 'warning',
});
const files = tests.map((name) => join(OUT, name.replace(/\.ts$/, '.mjs')));
process.exit(spawnSync(process.execPath, ['--enable-source-maps', '--test', '--test-force-exit', ...files], { stdio: 'inherit' }).status ?? 1);
