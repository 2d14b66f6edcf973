import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { cacheFolder } from './bench.ts';

/** One of this folder's programs, to be run by node in `programEnvironment`. */
export function buildProgram(name: string): string {
  const outfile = join(cacheFolder(), `${name}.mjs`);
  const entryPoints = [join(import.meta.dirname, `${name}.ts`)];
  buildSync({ entryPoints, outfile, bundle: true, platform: 'node', format: 'esm', logLevel: 'error' });
  return outfile;
}

/** In which it finds the native engine. */
export const programEnvironment = { ...process.env, NODE_PATH: join(import.meta.dirname, '../../../node_modules') };
