// node code-cache.cjs PROGRAM CACHE ARGUMENT...: runs the program with the arguments, then adds what V8 compiled of it to
// the cache.
const { existsSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const { dirname } = require('node:path');
const { Script } = require('node:vm');

const [filename, cache, ...args] = process.argv.slice(2);
process.argv = [process.argv[0], filename, ...args];
const cachedData = existsSync(cache) ? readFileSync(cache) : undefined;
const script = new Script(readFileSync(filename, 'latin1'), { filename, cachedData });
process.on('exit', () => {
  writeFileSync(`${cache}.new`, script.createCachedData());
  renameSync(`${cache}.new`, cache);
});
script.runInThisContext()({}, require, module, filename, dirname(filename));
