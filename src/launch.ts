#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';

// Runs the program beside this file, from what V8 compiled of it when it was built (docs/decisions/0013). A Node with
// another V8 does not take that, and compiles the program as usual.
const filename = join(__dirname, 'program.js');
const cachedData = readIfThere(join(__dirname, 'program.cache'));
// The build sees to it that it is ASCII: as Latin-1 it is read and kept in half the time and room.
const script = new Script(readFileSync(filename, 'latin1'), { filename, ...(cachedData && { cachedData }) });
script.runInThisContext()({}, require, module, filename, __dirname);

function readIfThere(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}
