// Bundles src/main.ts into dist/. Start-up decides its form (docs/decisions/0013-one-file-and-vendors.md):
// our own code is one CommonJS file whose modules are evaluated when a command or a remote first needs them, and each
// large package is a file of its own in dist/vendor/, read only then. The usual commands have a second, smaller program.
import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { startPracticeStore } from './practice-store.mjs';

const run = promisify(execFile);

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
const vendors = ['@aws-sdk/client-s3', 'bcrypt-pbkdf', 'scrypt-js', 'tweetnacl'];
const vendorFile = (name) => `${name.replaceAll(/[^a-z0-9]+/g, '-').replace(/^-/, '')}.js`;

// Short runs, and many of them: those that src/launch.ts gives the smaller program. The list decides nothing but speed.
const usualCommands = [
  ...['about', 'cat', 'check', 'checksum', 'copy', 'copyto', 'delete', 'deletefile', 'ls', 'lsd', 'lsf', 'lsjson'],
  ...[
    'lsl',
    'md5sum',
    'mkdir',
    'move',
    'moveto',
    'purge',
    'rcat',
    'rmdir',
    'rmdirs',
    'sha1sum',
    'size',
    'sync',
    'touch',
  ],
];

const vendorPlugin = {
  name: 'vendors',
  setup({ onResolve }) {
    const filter = new RegExp(`^(${vendors.join('|')})$`);
    onResolve({ filter }, ({ path }) => ({ path: `./vendor/${vendorFile(path)}`, external: true }));
  },
};

/** Leaves out all commands but the usual ones. */
const usualPlugin = {
  name: 'usual',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/commands\// }, ({ path }) => {
      return usualCommands.includes(basename(path, '.ts')) ? undefined : { path, external: true };
    });
  },
};

const common = {
  absWorkingDir: root,
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  write: false,
};

const program = (name, ...plugins) =>
  build({
    ...common,
    entryPoints: { [name]: 'src/main.ts' },
    outdir: 'dist',
    // A function that src/launch.ts calls with what Node gives to a CommonJS module.
    // Node's globals of these names are getters: a call each time that they are used.
    banner: {
      js: '(function (exports, require, module, __filename, __dirname) { "use strict"; const { Buffer, process } = globalThis;',
    },
    footer: { js: '})' },
    // A compiled script has no importer of its own.
    supported: { 'dynamic-import': false },
    // These find their compiled parts beside themselves.
    external: ['koffi', 'sodium-native'],
    define: { 'import.meta.url': '__filename' },
    plugins: [...plugins, vendorPlugin],
  });
const programs = await Promise.all([program('program'), program('usual', usualPlugin)]);
const launcher = await build({
  ...common,
  entryPoints: { coffer: 'src/launch.ts' },
  outdir: 'dist',
  define: { usualCommands: JSON.stringify(usualCommands) },
});
const packages = await Promise.all(
  vendors.map((name) =>
    build({
      ...common,
      stdin: { contents: `module.exports = require('${name}')`, resolveDir: root },
      outfile: `dist/vendor/${vendorFile(name)}`,
    }),
  ),
);

const foreign = /.{0,40}[^\0-\x7f].{0,40}/.exec(programs[0].outputFiles[0].text)?.[0];
if (foreign !== undefined)
  throw new Error(`the program must be ASCII; write a regular expression with \\u in it: ${foreign}`);

const files = [...programs, launcher, ...packages].flatMap(({ outputFiles }) => outputFiles);
const caches = programs.map(({ outputFiles: [{ path, contents }] }) => ({ path, contents, cache: cacheOf(path) }));
// V8 takes a cache for any source of the same length.
for (const { path, contents, cache } of caches) if (!(await isSame(path, contents))) await rm(cache, { force: true });
for (const { path, contents } of files) await replace(path, contents);
await replace(join(dist, 'package.json'), Buffer.from('{ "type": "commonjs" }\n'));
await chmod(join(dist, 'coffer.js'), 0o755);
for (const { path, cache } of caches) await makeCache(path, cache);
const current = new Set([
  ...files.map(({ path }) => basename(path)),
  ...caches.map(({ cache }) => basename(cache)),
  ...['package.json', 'vendor'],
]);
for (const folder of [dist, join(dist, 'vendor')]) {
  for (const name of await readdir(folder)) {
    if (!current.has(name)) await rm(join(folder, name), { recursive: true });
  }
}

function cacheOf(path) {
  return path.replace(/\.js$/, '.cache');
}

/** Keeps what V8 compiles for copies of encrypted files from a folder to S3, on to Swift and back: what most commands need. */
async function makeCache(path, cache) {
  const work = await mkdtemp(join(tmpdir(), 'coffer-build-'));
  const store = await startPracticeStore();
  try {
    const [from, config, to] = ['from', 'rclone.conf', 'to'].map((name) => join(work, name));
    await mkdir(from);
    await writeFile(join(from, 'file'), 'text');
    await writeFile(config, practiceConfig(store.address));
    const script = join(import.meta.dirname, 'code-cache.cjs');
    const own = Object.entries(process.env).filter(([name]) => !name.startsWith('RCLONE_'));
    const env = { ...Object.fromEntries(own), RCLONE_CONFIG: config };
    for (const copy of [
      [from, 's3-crypt:'],
      ['s3-crypt:', 'swift-crypt:'],
      ['swift-crypt:', to],
    ]) {
      await run(process.execPath, [script, path, cache, 'copy', ...copy], { env });
    }
    if (!(await isSame(join(to, 'file'), Buffer.from('text')))) throw new Error('the copies went wrong');
  } finally {
    store.close();
    await rm(work, { recursive: true });
  }
}

function practiceConfig(address) {
  return `
[s3]
type = s3
provider = Ceph
endpoint = ${address}
access_key_id = id
secret_access_key = secret

[swift]
type = swift
auth = ${address}/auth/v1.0
user = user
key = key

[s3-crypt]
type = crypt
remote = s3:bucket
password = ${'A'.repeat(32)}

[swift-crypt]
type = crypt
remote = swift:container
password = ${'A'.repeat(32)}
`;
}

async function isSame(path, contents) {
  return (await readFile(path).catch(() => null))?.equals(contents) ?? false;
}

/** Whole or not at all, and only when it differs: the program may be running. */
async function replace(path, contents) {
  if (await isSame(path, contents)) return;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.new`, contents);
  await rename(`${path}.new`, path);
}
