// Bundles src/main.ts into dist/coffer.js. Start-up decides its form (docs/decisions/0013-one-file-and-vendors.md):
// our own code is one CommonJS file whose modules are evaluated when a command or a remote first needs them, and each
// large package is a file of its own in dist/vendor/, read only then. So are those of Node's modules that are dear.
import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
const vendors = ['@aws-sdk/client-s3', 'scrypt-js', 'tweetnacl', 'undici'];
const vendorFile = (name) => `${name.replaceAll(/[^a-z0-9]+/g, '-').replace(/^-/, '')}.js`;

const dearModules = ['node:crypto', 'node:fs/promises', 'node:os', 'node:timers/promises', 'node:tty'];

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
      return { contents: `const load = () => process.getBuiltinModule('${path}'); module.exports = { ${getters} };` };
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
  entryPoints: { coffer: 'src/main.ts' },
  outdir: 'dist',
  // These find their compiled parts beside themselves.
  external: ['koffi', 'sodium-native'],
  define: { 'import.meta.url': '__filename' },
  plugins: [vendorPlugin, dearModulesPlugin],
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

const files = [program, ...packages].flatMap(({ outputFiles }) => outputFiles);
for (const { path, contents } of files) await replace(path, contents);
await replace(join(dist, 'package.json'), Buffer.from('{ "type": "commonjs" }\n'));
await chmod(join(dist, 'coffer.js'), 0o755);
const current = new Set([...files.map(({ path }) => basename(path)), 'package.json', 'vendor']);
for (const folder of [dist, join(dist, 'vendor')]) {
  for (const name of await readdir(folder)) {
    if (!current.has(name)) await rm(join(folder, name), { recursive: true });
  }
}

/** Whole or not at all, and only when it differs: the program may be running. */
async function replace(path, contents) {
  const old = await readFile(path).catch(() => null);
  if (old?.equals(contents)) return;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.new`, contents);
  await rename(`${path}.new`, path);
}
