// Bundles src/main.ts into dist/coffer.js and chunks beside it, which load when a command or a remote is used.
import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');

const { outputFiles } = await build({
  absWorkingDir: root,
  entryPoints: { coffer: 'src/main.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // it finds its compiled part beside itself
  external: ['sodium-native'],
  // undici and tweetnacl are CommonJS and require node's own modules
  banner: {
    js: "import { createRequire as cofferRequire } from 'node:module'; const require = cofferRequire(import.meta.url);",
  },
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  write: false,
});

await mkdir(join(dist, 'chunks'), { recursive: true });
for (const { path, contents } of outputFiles) await replace(path, contents);
await chmod(join(dist, 'coffer.js'), 0o755);
const current = new Set(outputFiles.map(({ path }) => basename(path)));
for (const name of await readdir(join(dist, 'chunks'))) {
  if (!current.has(name)) await rm(join(dist, 'chunks', name));
}

/** Whole or not at all, and only when it differs: the program may be running. */
async function replace(path, contents) {
  if (
    await readFile(path).then(
      (old) => old.equals(contents),
      () => false,
    )
  )
    return;
  await writeFile(`${path}.new`, contents);
  await rename(`${path}.new`, path);
}
