import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createCrashProgram } from './crash-program.ts';
import { createProgram, createRandom } from './random-program.ts';
import { makeStage, type Stage } from './stage.ts';

/** A failing run prints its seed, which `MOUNT_SEED` repeats. */
const seed = Number(process.env.MOUNT_SEED ?? Math.floor(Math.random() * 2 ** 31));
const operations = Number(process.env.MOUNT_OPERATIONS ?? 3000);
const kills = Number(process.env.MOUNT_KILLS ?? 5);
const runs = 3;

const longest = Math.max(120_000, operations * 60, kills * 10_000);

describe('a random program in a mount', () => {
  let stage: Stage;
  beforeEach(() => {
    stage = makeStage();
  });
  afterEach(() => stage[Symbol.asyncDispose]());

  test(`of ${operations} operations does what it does in memory, seed ${seed}`, { timeout: longest }, async () => {
    const folder = join(stage.mountPoint, 'here');
    const program = createProgram(folder, createRandom(seed));
    await stage.mount();
    mkdirSync(folder);
    try {
      for (let run = 0; run < runs; run++) {
        await program.run(Math.ceil(operations / runs));
        await program.closeAll();
        await program.compare(folder);
        await stage.unmount();
        await program.compare(join(await stage.stored(), 'here'));
        await stage.mount();
        await program.compare(folder);
      }
    } catch (error) {
      throw new Error(`seed ${seed}, after ${program.trace.join('; ')}`, { cause: error });
    }
  });

  test(`killed ${kills} times keeps what was fsynced, seed ${seed}`, { timeout: longest }, async () => {
    const random = createRandom(seed);
    const program = createCrashProgram(random);
    for (let kill = 0; kill < kills; kill++) {
      await stage.mount();
      await program.check(stage.mountPoint);
      const failed = program.run(stage.mountPoint).catch((error: NodeJS.ErrnoException) => error);
      await sleep(100 + random(1000));
      await stage.kill(failed);
      expect(['ENOTCONN', 'ECONNABORTED', 'EIO']).toContain((await failed).code);
    }
    await stage.mount();
    await program.check(stage.mountPoint);
    await stage.unmount();
    await program.check(await stage.stored());
    expect(program.syncs).toBeGreaterThan(kills);
  });
});
