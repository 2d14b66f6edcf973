import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { peerEnvironment } from '../servers/run.ts';
import { bigSize, makeStage, type Stage, smallSize, stores } from './stage.ts';

const upload = /^PUT \/.*\/data\//;
const download = /^GET \/.*\/data\/[^?]/;

/** Starts coffer and sends the signal while a request that a rule befell is under way. */
async function interrupt(stage: Stage, signal: NodeJS.Signals, args: readonly string[]): Promise<number | null> {
  const [program = '', ...first] = stage.command;
  const child = spawn(program, [...first, ...args], { env: { ...peerEnvironment(), ...stage.env }, stdio: 'ignore' });
  const exit = once(child, 'exit');
  while (stage.proxy.stats().faults.length === 0 && child.exitCode === null) await sleep(20);
  await sleep(200); // some of the body is under way
  child.kill(signal);
  const [code] = await exit;
  return code as number | null;
}

describe.each(stores)('%s', (store) => {
  test('shows nothing of an upload that was killed', async () => {
    await using stage = await makeStage(store, bigSize);
    stage.proxy.setRules([{ match: upload, nth: 2, speedUp: 1_000_000 }]);
    await interrupt(stage, 'SIGKILL', ['copy', stage.source, 'sealed:']);
    expect(await stage.stored()).toBeNull();
  });

  test('ends an upload at Ctrl-C with 130 and cleans up', async () => {
    await using stage = await makeStage(store, bigSize);
    stage.proxy.setRules([{ match: upload, nth: 2, speedUp: 1_000_000 }]);
    expect(await interrupt(stage, 'SIGINT', ['copy', stage.source, 'sealed:'])).toBe(130);
    expect(await stage.stored()).toBeNull();
    expect(await stage.leftovers()).toEqual([]);
  });

  test('ends a download at Ctrl-C with 130 and leaves nothing', async () => {
    await using stage = await makeStage(store, smallSize);
    await stage.seed();
    stage.proxy.setRules([{ match: download, speedDown: 50_000 }]);
    expect(await interrupt(stage, 'SIGINT', ['copy', 'sealed:', stage.target])).toBe(130);
    expect(await stage.downloaded()).toEqual({});
  });
});
