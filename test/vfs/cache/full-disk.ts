import { collect } from '../../../src/core/bytes.ts';
import { isFailure } from '../../../src/core/failure.ts';
import { silentReport } from '../../../src/core/report.ts';
import { createMemoryRemote } from '../../../src/remotes/memory.ts';
import { defaultCacheOptions } from '../../../src/vfs/cache/options.ts';
import { createCachedStore } from '../../../src/vfs/cache/store.ts';
import { cryptOver } from '../../remotes/crypt/crypt-over.ts';
import { random } from './random.ts';

// A process of its own that fills the disk its cache is on: `node full-disk.mjs <cache>`. Says how that went.
const mebi = 1 << 20;
const remote = await cryptOver({ remote: createMemoryRemote(), path: 'bucket' });
const writeBack = { delay: 3_600_000, firstRetry: 5, lastRetry: 40 };
const options = { ...defaultCacheOptions, cacheFolder: process.argv[2] ?? '', identity: 'secret:', writeBack };
const store = await createCachedStore(remote, options, silentReport);
const data = random(1).bytes(mebi);
const content = store.create('file');
content.retain();
await content.write(0, data);
await content.sync();
let told = 'nothing';
try {
  for (let at = 1; at < 16; at++) await content.write(at * mebi, data);
  await content.flush();
} catch (error) {
  told = isFailure(error) ? error.kind : String(error);
}
const isRight = Buffer.compare(await content.read(0, mebi), data) === 0;
console.log(`the writer is told: ${told}; what was synced is read ${isRight ? 'right' : 'wrong'}`);
await content.truncate(mebi);
await content.flush();
await content.release();
await store.drain();
const stored = await collect(remote.read('file'));
console.log(`uploaded ${Buffer.compare(stored, data) === 0 ? 'right' : 'wrong'}`);
await store[Symbol.asyncDispose]();
