import { describe, expect, test } from 'vitest';
import type { Rule } from '../servers/fault-proxy/rules.ts';
import { makeStage, smallSize, stores } from './stage.ts';

const data = /^GET \/.*\/data\/[^?]/;

const faults: Readonly<Record<string, Rule>> = {
  'a reset connection': { resetDown: 100_000 },
  'a reset before the answer': { resetDown: 0 },
  'a cut body': { closeDown: 100_000 },
  'a stalled body': { stallDown: 100_000 },
  'a busy store': { status: 503 },
  'a changed byte': { corruptDown: 100_000 },
};

const impatient = ['--timeout', '2s', '--contimeout', '2s'];
const once = [...impatient, '--retries', '1', '--low-level-retries', '1'];

describe.each(stores)('a download from %s', (store) => {
  test.each(Object.entries(faults))('with %s ends whole', async (_, fault) => {
    await using stage = await makeStage(store, smallSize);
    await stage.seed();
    stage.proxy.setRules([{ ...fault, match: data, times: 1 }]);
    const { code, stderr } = await stage.coffer('copy', ...impatient, 'sealed:', stage.target);
    expect(stage.proxy.stats().faults).toHaveLength(1);
    expect(code, stderr).toBe(0);
    expect(await stage.downloaded()).toEqual({ file: stage.digest });
  });

  test.each(Object.entries(faults))(
    'with %s fails when the store is then gone, and leaves nothing',
    async (_, fault) => {
      await using stage = await makeStage(store, smallSize);
      await stage.seed();
      stage.proxy.setRules([
        { ...fault, match: data, nth: 1 },
        { match: data, status: 503 },
      ]);
      const { code, stderr } = await stage.coffer('copy', ...once, 'sealed:', stage.target);
      expect(code, stderr).not.toBe(0);
      expect(stderr).toContain('file');
      expect(await stage.downloaded()).toEqual({});
    },
  );

  test('stands a slow connection', async () => {
    await using stage = await makeStage(store, smallSize);
    await stage.seed();
    stage.proxy.setRules([{ match: data, speedDown: 75_000 }]);
    const { code, stderr } = await stage.coffer('copy', ...once, 'sealed:', stage.target);
    expect(code, stderr).toBe(0);
    expect(await stage.downloaded()).toEqual({ file: stage.digest });
  });
});
