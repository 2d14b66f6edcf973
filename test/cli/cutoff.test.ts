import { describe, expect, it } from 'vitest';
import { createBench, type Tree } from './run.ts';
import { type Places, runIn, sideBySide } from './side-by-side.ts';

const bench = createBench('cutoff');
const files: Tree = Object.fromEntries(['1', '2', '3', '4', '5', '6'].map((name) => [name, name.repeat(100_000)]));
const places: Places = { src: [files], dst: [{ old: 'old' }, new Date('2024-03-01T00:00:00Z')] };
const message = 'max transfer limit reached as set by --max-transfer';

describe('--max-transfer ends a run where rclone ends it', () => {
  it.each([
    ['copy src dst --max-transfer 250k --transfers 1', 8],
    ['copy src dst --max-transfer 250k --transfers 1 --cutoff-mode SOFT', 8],
    ['copy src dst --max-transfer 250k --transfers 1 --cutoff-mode Cautious', 8],
    ['copy src dst --max-transfer 250k --transfers 1 --cutoff-mode hard', 8],
    ['sync src dst --max-transfer 250k --transfers 1', 8],
    ['sync src dst --max-transfer 250k --transfers 1 --cutoff-mode soft', 8],
    ['copy src secret:dst --max-transfer 250k --transfers 1', 8],
    ['copy src secret:dst --max-transfer 250k --transfers 1 --cutoff-mode cautious', 8],
    ['copy src dst --max-transfer 0', 8],
    ['copy src dst --max-transfer 0 --cutoff-mode soft', 8],
    ['copy src dst --max-transfer 600000b', 0],
    ['copy src dst --max-transfer 600000b --cutoff-mode soft', 0],
    ['copy src dst --max-transfer 600001b --cutoff-mode cautious', 0],
    ['copy src dst --max-transfer 600000b --cutoff-mode cautious --transfers 1', 8],
    ['copy src dst --max-transfer off', 0],
    ['copy src/1 dst --max-transfer 10k', 8],
    ['copyto src/1 dst/old --max-transfer 10k --cutoff-mode cautious', 8],
    ['copyto src/1 dst/one --max-transfer 10k --cutoff-mode soft', 0],
    ['move src dst --max-transfer 250k', 0],
    ['moveto src secret:dst --max-transfer 250k --transfers 1 --cutoff-mode soft', 8],
    ['copy src dst --max-transfer 10k -n', 0],
  ])('%s', async (line, expected) => {
    const { code, stderr, tree } = await sideBySide(bench, line, places);
    expect(code).toBe(expected);
    if (expected === 8) expect(stderr).toContain(message);
    expect(line.includes('secret:') || tree['dst/old'] === 'old').toBe(true);
  });
});

describe('--max-duration', () => {
  /** Both programs' exit code is the same; what stands there, and was said, is coffer's. */
  const alone = async (line: string) => {
    const [theirs, ours] = [await runIn(bench, 'rclone', line, places), await runIn(bench, 'coffer', line, places)];
    expect(ours.code, ours.stderr).toBe(theirs.code);
    return ours;
  };

  it.each(['hard', 'soft', 'cautious'])('ends a slow run as in rclone, %s', async (mode) => {
    // Of 600,000 bytes at 128 KiB a second; rclone does the same, to another file.
    const { code, stderr, tree } = await alone(`copy src dst --bwlimit 128k --max-duration 1s --cutoff-mode ${mode}`);
    expect(code).toBe(7);
    expect(stderr).toContain('max transfer duration reached as set by --max-duration');
    const copied = Object.keys(tree).filter((path) => path.startsWith('dst/'));
    expect(copied.length).toBeLessThan(7);
    for (const path of copied.filter((name) => name !== 'dst/old')) expect(tree[path]).toBe(files[path.slice(4)]);
  });

  it.each([
    ['copy src dst --max-duration 1h', 0],
    ['copy src dst --max-duration 0s', 0],
    ['copy src/1 dst --max-duration 1ms', 0],
    ['sync src dst --max-duration 1ns --cutoff-mode soft --retries 1', 7],
  ])('%s', async (line, expected) => {
    const { code } = expected === 0 ? await sideBySide(bench, line, places) : await alone(line);
    expect(code).toBe(expected);
  });
});

describe('what is no limit is refused as by rclone, and nothing is changed', () => {
  it.each(['--max-transfer much', '--max-transfer=', '--cutoff-mode sharp', '--cutoff-mode=', '--max-duration long'])(
    '%s',
    async (flag) => {
      const { code, tree } = await sideBySide(bench, `copy src dst ${flag}`, places);
      expect(code).toBe(1);
      expect(tree).not.toHaveProperty('dst/1');
    },
  );

  it('RCLONE_MAX_TRANSFER is the flag', async () => {
    const { code } = await sideBySide(bench, 'copy src dst --transfers 1', places, { RCLONE_MAX_TRANSFER: '250k' });
    expect(code).toBe(8);
  });
});
