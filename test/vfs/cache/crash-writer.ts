import { writeSync } from 'node:fs';
import { silentReport } from '../../../src/core/report.ts';
import { createLocalRemote } from '../../../src/remotes/local/local.ts';
import { defaultCacheOptions } from '../../../src/vfs/cache/options.ts';
import { createCachedStore } from '../../../src/vfs/cache/store.ts';
import { cryptOver } from '../../remotes/crypt/crypt-over.ts';
import { defaultSettings } from '../../remotes/local/settings.ts';
import { random, writeOf } from './random.ts';

// A process of its own that writes through a cache until it is killed: `node crash-writer.mjs <cache> <sealed> <seed>`.
// Each file is written by a seed of its own. After each close or sync it says so, with the number of writes so far:
// `3 17` means that file 3 has its first 17 writes, or more of them, whatever happens now.
const [cache = '', sealed = '', seed = '0'] = process.argv.slice(2);
const remote = await cryptOver({ remote: createLocalRemote(defaultSettings, silentReport), path: sealed });
const writeBack = { delay: 3_600_000, firstRetry: 5, lastRetry: 40 };
const options = { ...defaultCacheOptions, cacheFolder: cache, identity: 'secret:', writeBack };
const store = await createCachedStore(remote, options, silentReport);
const { below } = random(Number(seed));
const files = Array.from({ length: 4 }, (_, i) => ({ i, content: store.create(`file-${i}`), writes: 0 }));
for (const { content } of files) content.retain();
for (;;) {
  const file = files[below(files.length)];
  if (!file) continue;
  for (let more = below(6); more >= 0; more--) {
    const { offset, data } = writeOf(Number(seed), file.i, file.writes);
    await file.content.write(offset, data);
    file.writes++;
  }
  if (below(2) === 0) await file.content.sync();
  else await file.content.flush();
  writeSync(1, `${file.i} ${file.writes}\n`);
}
