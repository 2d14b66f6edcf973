import { pieceSize } from '../../../src/core/bytes.ts';
import { Failure } from '../../../src/core/failure.ts';
import { silentReport } from '../../../src/core/report.ts';
import { createLocalRemote } from '../../../src/remotes/local/local.ts';
import { defaultSettings } from './settings.ts';

const [disk = '', size = '0'] = process.argv.slice(2);
const remote = createLocalRemote(defaultSettings, silentReport);
const source = {
  size: Number(size),
  replayable: true,
  async *open() {
    const piece = new Uint8Array(pieceSize);
    for (let left = Number(size); left > 0; left -= pieceSize) yield piece.subarray(0, Math.min(left, pieceSize));
  },
};
try {
  await remote.write(disk.slice(1), source, {});
} catch (error) {
  console.log(error instanceof Failure ? `${error.kind} ${error.message}` : error);
}
