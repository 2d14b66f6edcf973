// node --import ./scripts/typescript.mjs FILE.ts: runs TypeScript on Node 20, which cannot strip types by itself.
import { readFile } from 'node:fs/promises';
import { register } from 'node:module';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import { transform } from 'esbuild';

if (isMainThread) register(import.meta.url);

/** Node's module hook, in its own thread. */
export async function load(url, context, next) {
  if (!url.endsWith('.ts')) return next(url, context);
  const options = { loader: 'ts', target: 'node20', sourcefile: fileURLToPath(url), sourcemap: 'inline' };
  const { code } = await transform(await readFile(new URL(url), 'utf8'), options);
  return { format: 'module', shortCircuit: true, source: code };
}
