import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createPeople, type Person } from '../remotes/crypt4gh/crypt4gh-over.ts';
import { configText } from '../servers/remotes.ts';
import { mustRun, peerEnvironment } from '../servers/run.ts';
import { bigSize, makeStage, type Stage } from './stage.ts';

const person = createPeople();
const [ada, bob] = await Promise.all([person('ada'), person('bob')]);

/** What changes something in the store. */
const change = /^(PUT|POST|DELETE) \/.*data/;

/** Remotes `named:` of ada, through the proxy, and `bobs:` past it, over the stage's bucket; the file is in them. */
async function seal(stage: Stage): Promise<void> {
  const config = stage.env.RCLONE_CONFIG ?? '';
  const [, place = ''] = /remote = proxied:(\S+)/.exec(await readFile(config, 'utf8')) ?? [];
  const remote = (base: string, { publicFile, secretFile }: Person) => ({
    ...{ type: 'crypt4gh', remote: `${base}:${place}`, recipients: publicFile, secret_key: secretFile },
  });
  const sections = { named: remote('proxied', ada), adas: remote('direct', ada), bobs: remote('direct', bob) };
  await appendFile(config, `\n${configText(sections)}`);
  await mustRun(...coffer(stage, 'copy', stage.source, 'adas:'));
}

function coffer(stage: Stage, ...args: readonly string[]): Parameters<typeof mustRun> {
  const [program = '', ...first] = stage.command;
  return [program, [...first, ...args], { env: stage.env }];
}

async function digestIn(stage: Stage, remote: string): Promise<string> {
  const line = await mustRun(...coffer(stage, 'hashsum', 'SHA-256', '--download', `${remote}file`));
  return line.split(' ')[0] ?? '';
}

describe.each(['swift-v1', 'ceph-s3'] as const)('on %s', (store) => {
  test('recipients added by what is killed after any of its changes: nothing is lost, and it is done again', async () => {
    await using stage = await makeStage(store, bigSize);
    await seal(stage);
    let kills = 0;
    for (let isDone = false; !isDone; ) {
      stage.proxy.setRules([{ match: change, nth: kills + 1, stallDown: 0 }]);
      const [program, args, options] = coffer(stage, 'recipients', 'named:', 'add', bob.publicFile);
      const child = spawn(program, args, { env: { ...peerEnvironment(), ...options?.env }, stdio: 'ignore' });
      const exit = once(child, 'exit');
      while (stage.proxy.stats().faults.length === 0 && child.exitCode === null) await sleep(10);
      isDone = child.exitCode !== null;
      if (!isDone) {
        await sleep(50); // the store has done what its answer would tell
        child.kill('SIGKILL');
        kills++;
      }
      await exit;
      expect(await digestIn(stage, 'adas:')).toBe(stage.digest);
    }
    expect(kills).toBeGreaterThan(2);
    expect(await digestIn(stage, 'bobs:')).toBe(stage.digest);
  }, 240_000);
});
