import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { requirePeer } from '../servers/peers.ts';
import { makeStage, type Stage } from './stage.ts';
import { environment, sourceScript, type Workload, workloads } from './workloads.ts';

const onFolder = () => makeStage();
const byNobody = () => makeStage({ isNobody: true });

const onSwift = () => {
  const remote = `store:workloads-${randomUUID()}`;
  return makeStage({ lower: { remote, sections: { store: inject('lab').remotes['swift-v1'] } } });
};

suite('crypt over a folder, by root', workloads, onFolder);
suite('crypt over a folder, by an ordinary user', workloads, byNobody);
suite(
  'crypt over Swift, by root',
  workloads.filter(({ isShort }) => isShort),
  onSwift,
);

function suite(name: string, chosen: readonly Workload[], open: () => Stage): void {
  describe(`in a mount of ${name}`, () => {
    let stage: Stage;
    let source: string;

    /** What a script prints in `folder`. Throws when it fails. */
    async function bash(folder: string, script: string): Promise<string> {
      const words = ['-euo', 'pipefail', '-c', `exec 2>&1; mkdir -p "$0"; cd "$0"; ${script}`, folder];
      const { code, stdout } = await stage.run('bash', words, { env: { ...environment, SOURCE: source } });
      if (code !== 0) throw new Error(`ended with ${code} and printed: ${stdout}`);
      return stdout;
    }

    const folderOf = (root: string, workload: number): string => join(root, String(workload));
    const local = (): string => join(stage.folder, 'local');

    beforeAll(async () => {
      for (const peer of ['git', 'sqlite3', 'rsync', 'vi', 'openssl'] as const) requirePeer(peer);
      stage = open();
      source = join(stage.folder, 'source');
      await bash(source, sourceScript);
      await stage.mount();
    });
    afterAll(() => stage?.[Symbol.asyncDispose]());

    for (const [number, workload] of chosen.entries()) {
      test(workload.name, async () => {
        const outcomes: string[] = [];
        for (const root of [local(), stage.mountPoint]) {
          outcomes.push(await bash(folderOf(root, number), workload.script));
        }
        const [expected, found] = outcomes;
        expect(found).toBe(expected);
      });
    }

    test('rclone reads from the store what the programs have left', async () => {
      await stage.unmount();
      const stored = await stage.stored();
      for (const [number, { name, look }] of chosen.entries()) {
        const expected = await bash(folderOf(local(), number), look);
        expect(await bash(folderOf(stored, number), look), name).toBe(expected);
      }
    });
  });
}
