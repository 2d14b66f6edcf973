#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';

// Runs the program beside this file, from what V8 compiled of it when it was built (docs/decisions/0013). A Node with
// another V8 does not take that, and compiles the program as usual.
const filename = join(__dirname, 'program.js');
const cachedData = readIfThere(join(__dirname, 'program.cache'));
const script = new Script(readFileSync(filename, 'utf8'), { filename, ...(cachedData && { cachedData }) });
script.runInThisContext()({}, require, module, filename, __dirname);

function readIfThere(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}
