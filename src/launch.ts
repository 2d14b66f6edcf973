#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Script } from 'node:vm';

declare const usualCommands: readonly string[];

/** Those of Node's modules that take time to load and that a listing does without. */
const dearModules = new Set([
  'node:child_process',
  'node:crypto',
  'node:fs/promises',
  'node:module',
  'node:net',
  'node:os',
  'node:stream',
  'node:timers/promises',
  'node:tty',
  'node:worker_threads',
  'node:zlib',
]);

// Runs one of the programs beside this file, from what V8 compiled of it when it was built (docs/decisions/0013). A Node
// with another V8 does not take that, and compiles the program as usual.
const filename = join(__dirname, `${programFor(process.argv)}.js`);
const cachedData = readIfThere(filename.replace(/js$/, 'cache'));
// The build sees to it that it is ASCII: as Latin-1 it is read and kept in half the time and room.
const script = new Script(readFileSync(filename, 'latin1'), { filename, ...(cachedData && { cachedData }) });
script.runInThisContext()({}, requireLazily, module, filename, __dirname);

/** `program` has everything, `usual` the usual commands. */
function programFor([, called = '', command = '']: readonly string[]): 'program' | 'usual' {
  // mount(8) calls us by another name, and with a remote as the first word.
  return usualCommands.includes(command) && !basename(called).startsWith('mount.') ? 'usual' : 'program';
}

/** Importing an expensive module costs nothing until something of it is used. */
function requireLazily(id: string): unknown {
  if (!dearModules.has(id)) return require(id);
  let loaded: Record<string | symbol, unknown> | undefined;
  const get = (_: object, name: string | symbol): unknown => {
    loaded ??= require(id) as Record<string | symbol, unknown>;
    return loaded[name];
  };
  return new Proxy({}, { get });
}

function readIfThere(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}
