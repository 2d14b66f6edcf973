// Bundles src/main.ts into dist/coffer.js. Start-up decides its form (docs/decisions/0013-one-file-and-vendors.md):
// our own code is one CommonJS file whose modules are evaluated when a command or a remote first needs them, and each
// large package is a file of its own in dist/vendor/, read only then. So are those of Node's modules that are dear.
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
const vendors = ['@aws-sdk/client-s3', 'bcrypt-pbkdf', 'scrypt-js', 'tweetnacl', 'undici'];
const vendorFile = (name) => `${name.replaceAll(/[^a-z0-9]+/g, '-').replace(/^-/, '')}.js`;

const dearModules = ['node:child_process', 'node:crypto', 'node:fs/promises', 'node:os', 'node:timers/promises', 'node:tty'];

const vendorPlugin = {
  name: 'vendors',
  setup({ onResolve }) {
    const filter = new RegExp(`^(${vendors.join('|')})$`);
    onResolve({ filter }, ({ path }) => ({ path: `./vendor/${vendorFile(path)}`, external: true }));
  },
};

/** Each export of a dear module becomes a getter, so that importing it costs nothing until it is used. */
const dearModulesPlugin = {
  name: 'dear-modules',
  setup({ onResolve, onLoad }) {
    const filter = new RegExp(`^(${dearModules.join('|')})$`);
    onResolve({ filter }, ({ path }) => ({ path, namespace: 'dear' }));
    onLoad({ filter: /.*/, namespace: 'dear' }, async ({ path }) => {
      const names = Object.keys(await import(path)).filter((name) => name !== 'default');
      const getters = names.map((name) => `get ${name}() { return load().${name}; }`);
      const load = `let loaded; const load = () => loaded ??= process.getBuiltinModule('${path}');`;
      return { contents: `${load} module.exports = { ${getters} };` };
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

const program = await build({
  ...common,
  entryPoints: { program: 'src/main.ts' },
  outdir: 'dist',
  // A function that src/launch.ts calls with what Node gives to a CommonJS module.
  banner: { js: '(function (exports, require, module, __filename, __dirname) {' },
  footer: { js: '})' },
  // A compiled script has no importer of its own.
  supported: { 'dynamic-import': false },
  // These find their compiled parts beside themselves.
  external: ['koffi', 'sodium-native'],
  define: { 'import.meta.url': '__filename' },
  plugins: [vendorPlugin, dearModulesPlugin],
});
const launcher = await build({ ...common, entryPoints: { coffer: 'src/launch.ts' }, outdir: 'dist' });
const packages = await Promise.all(
  vendors.map((name) =>
    build({
      ...common,
      stdin: { contents: `module.exports = require('${name}')`, resolveDir: root },
      outfile: `dist/vendor/${vendorFile(name)}`,
    }),
  ),
);

const text = program.outputFiles[0].text;
const foreign = /.{0,40}[^\0-\x7f].{0,40}/.exec(text)?.[0];
if (foreign !== undefined)
  throw new Error(`the program must be ASCII; write a regular expression with \\u in it: ${foreign}`);

const files = [program, launcher, ...packages].flatMap(({ outputFiles }) => outputFiles);
const cache = join(dist, 'program.cache');
// V8 takes a cache for any source of the same length.
if (!(await isSame(join(dist, 'program.js'), program.outputFiles[0].contents))) await rm(cache, { force: true });
for (const { path, contents } of files) await replace(path, contents);
await replace(join(dist, 'package.json'), Buffer.from('{ "type": "commonjs" }\n'));
await chmod(join(dist, 'coffer.js'), 0o755);
await makeCache();
const current = new Set([...files.map(({ path }) => basename(path)), 'package.json', 'program.cache', 'vendor']);
for (const folder of [dist, join(dist, 'vendor')]) {
  for (const name of await readdir(folder)) {
    if (!current.has(name)) await rm(join(folder, name), { recursive: true });
  }
}

/** Keeps what V8 compiles for a copy through a crypt remote: what most commands need. */
async function makeCache() {
  const work = await mkdtemp(join(tmpdir(), 'coffer-build-'));
  try {
    await writeFile(join(work, 'file'), 'text');
    const target = `:crypt,password=${'A'.repeat(32)},remote='${work}/store':`;
    const script = join(import.meta.dirname, 'code-cache.cjs');
    const env = { ...process.env, RCLONE_CONFIG: '/dev/null' };
    execFileSync(process.execPath, [script, join(dist, 'program.js'), cache, 'copy', join(work, 'file'), target], {
      env,
    });
  } finally {
    await rm(work, { recursive: true });
  }
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
