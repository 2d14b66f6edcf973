import { writeFileSync } from 'node:fs';
import { describe, expect, inject, test } from 'vitest';
import { programPath } from '../program.ts';
import { configText, type Section } from '../servers/remotes.ts';
import { converse } from './conversation.ts';
import { createBench } from './run.ts';

const bench = createBench('config-stores');
const { remotes } = inject('lab');
let configs = 0;

async function wizard(store: Section, answers: readonly string[], terminal = false) {
  const path = bench.path(`${++configs}.conf`);
  writeFileSync(path, configText({ store }));
  const flags = ['--config', path, '--low-level-retries', '1'];
  const argv = [process.execPath, programPath, 'config', ...flags];
  const { screen, code, left } = await converse(argv, answers, { cwd: bench.folder, terminal });
  expect([code, left], screen).toEqual([0, []]);
  return { screen, list: (spec: string) => bench.coffer(['lsf', spec, ...flags]) };
}

const questions = (remote: string, decision: string): string[] =>
  `n|c|crypt|${remote}|1|1|g|64|y|n|n|${decision}|q`.split('|');

describe.each(['swift-v3', 'ceph-s3'] as const)('a crypt remote over %s', (name) => {
  const bucket = `wizard-${name}`;

  test('is told that its bucket is not there, which is made on request', async () => {
    const piped = await wizard(remotes[name], questions(`store:${bucket}`, 'y'));
    expect(piped.screen).toMatch(/It can be reached, but .*wizard-/);
    expect((await piped.list('store:')).stdout).not.toContain(bucket);
    const typed = await wizard(remotes[name], questions(`store:${bucket}`, 'b'), true);
    expect((await typed.list('store:')).stdout).toContain(`${bucket}/`);
  });

  test('is tried with a file of which nothing is left', async () => {
    const { screen, list } = await wizard(remotes[name], questions(`store:${bucket}-full`, 'b'), true);
    expect(screen).toContain('answer b to make it now');
    const again = await wizard(remotes[name], questions(`store:${bucket}-full`, 'y'));
    expect(again.screen).toContain('It works.');
    expect((await list(`store:${bucket}-full`)).stdout).toBe('');
  });

  test('says what the store says of a wrong key', async () => {
    const secret = name === 'swift-v3' ? { key: 'wrong' } : { secret_access_key: 'wrong' };
    const { screen } = await wizard({ ...remotes[name], ...secret }, questions(`store:${bucket}`, 'y'));
    expect(screen).toMatch(
      name === 'swift-v3'
        ? 'It does not work: store: cannot log in as alice'
        : /It does not work: .*SignatureDoesNotMatch/,
    );
  });
});
