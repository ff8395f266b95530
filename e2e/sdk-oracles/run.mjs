// Microsoft's own clients against the emulator: `node e2e/sdk-oracles/run.mjs [path of the emulator's binary]`.
//
// Installs what is missing: the npm package into node_modules, the Python package into target/sdk-oracles. Where that does
// not work it fails and says what to install: what did not run has shown nothing.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = resolve(HERE, '../..');
const TARGET = resolve(ROOT, process.env.CARGO_TARGET_DIR ?? 'target');
const SET_UP_MS = 300_000;

const binary = process.argv[2] ? resolve(process.argv[2]) : build();
installNpm();
const python = installPython();

const tests = spawnSync(
  process.execPath,
  ['--test', '--test-concurrency=1', '--test-reporter=spec', 'javascript.test.mjs', 'python.test.mjs'],
  {
    cwd: HERE,
    stdio: 'inherit',
    env: {
      ...process.env,
      ANTEROOM_EMULATOR: binary,
      ORACLE_PYTHON: python,
    },
  },
);
process.exitCode = tests.status ?? 1;

function build() {
  const cargo = spawnSync('cargo', ['build', '-q', '-p', 'anteroom-emulator'], { cwd: ROOT, stdio: 'inherit' });
  if (cargo.status !== 0) fail('The emulator could not be built: see above.');
  return join(TARGET, 'debug', 'anteroom-emulator');
}

function installNpm() {
  const wanted = JSON.parse(readFileSync(join(HERE, 'package.json'), 'utf8')).dependencies;
  const isThere = ([name, version]) => {
    const file = join(HERE, 'node_modules', name, 'package.json');
    return existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).version === version;
  };
  if (Object.entries(wanted).every(isThere)) return;
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: HERE, stdio: 'inherit' });
  if (npm.status !== 0) fail('`npm ci` in e2e/sdk-oracles failed: see above.');
}

/** An interpreter with the package. */
function installPython() {
  const requirements = readFileSync(join(HERE, 'requirements.txt'), 'utf8');
  const folder = join(TARGET, 'sdk-oracles', 'venv');
  const python = join(folder, 'bin', 'python');
  const mark = join(folder, 'anteroom-requirements.txt');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === requirements && run(python, ['--version']) === undefined) {
    return python;
  }
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(dirname(folder), { recursive: true });
  const steps = [
    [
      'python3',
      ['-m', 'venv', folder],
      "Microsoft's Python client needs Python 3 with venv and pip (on Debian: apt-get install python3-venv)",
    ],
    [
      python,
      ['-m', 'pip', 'install', '-q', '--disable-pip-version-check', '-r', join(HERE, 'requirements.txt')],
      'The packages in e2e/sdk-oracles/requirements.txt can not be installed: check the way to PyPI',
    ],
  ];
  for (const [command, args, problem] of steps) {
    const reason = run(command, args);
    if (reason !== undefined) fail(`${problem}. It said: ${reason}`);
  }
  writeFileSync(mark, requirements);
  return python;
}

/** Nothing, or the last thing that it said when it failed. */
function run(command, args) {
  const done = spawnSync(command, args, { encoding: 'utf8', timeout: SET_UP_MS });
  if (done.status === 0) return undefined;
  const said = `${done.stdout ?? ''}\n${done.stderr ?? ''}`.trim().split('\n').at(-1);
  return done.error?.message || said || `it ended with ${done.status ?? done.signal}`;
}

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}
