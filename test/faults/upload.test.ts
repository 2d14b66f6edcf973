import { describe, expect, test } from 'vitest';
import type { Rule } from '../servers/fault-proxy/rules.ts';
import { bigSize, makeStage, smallSize, stores } from './stage.ts';

// an object's data: not the bucket itself, not a manifest or the start of a multipart upload
const data = /^PUT \/.*\/data\/(?!.*multipart-manifest)/;

const faults: Readonly<Record<string, Rule>> = {
  'a reset connection': { resetUp: 100_000 },
  'a reset before the answer': { resetDown: 0 },
  'a stalled connection': { stallUp: 100_000 },
  'a stalled answer': { delay: 60_000 },
  'a busy store': { status: 503 },
  'a lost success': { statusAfter: 503 },
  'a changed byte': { corruptUp: 100_000 },
};

const impatient = ['--timeout', '2s', '--contimeout', '2s'];
const once = [...impatient, '--retries', '1', '--low-level-retries', '1'];

describe.each(stores)('an upload to %s', (store) => {
  describe.each(Object.entries(faults))('with %s', (_, fault) => {
    test('ends whole', async () => {
      await using stage = await makeStage(store, smallSize);
      stage.proxy.setRules([{ ...fault, match: data, times: 1 }]);
      const { code, stderr } = await stage.coffer('copy', ...impatient, stage.source, 'sealed:');
      expect(stage.proxy.stats().faults).toHaveLength(1);
      expect(code, stderr).toBe(0);
      expect(await stage.stored()).toBe(stage.digest);
    });

    test('fails when it may not try again, and leaves nothing half-written', async () => {
      await using stage = await makeStage(store, bigSize);
      stage.proxy.setRules([{ ...fault, match: data, nth: 2 }]);
      const { code, stderr } = await stage.coffer('copy', ...once, stage.source, 'sealed:');
      expect(code, stderr).not.toBe(0);
      expect(stderr).toContain('file');
      expect(await stage.stored()).toBeNull();
      expect(await stage.leftovers()).toEqual([]);
    });
  });

  test('in pieces ends whole when one piece fails', async () => {
    await using stage = await makeStage(store, bigSize);
    stage.proxy.setRules([{ match: data, nth: 2, statusAfter: 503 }]);
    const { code, stderr } = await stage.coffer('copy', stage.source, 'sealed:');
    expect(stage.proxy.stats().faults).toHaveLength(1);
    expect(code, stderr).toBe(0);
    expect(await stage.stored()).toBe(stage.digest);
    expect(await stage.leftovers()).toHaveLength(store.endsWith('s3') ? 0 : 3);
  });

  test('stands a slow connection', async () => {
    await using stage = await makeStage(store, bigSize);
    // longer than the timeout, but never without a byte for so long
    stage.proxy.setRules([{ match: data, speedUp: 2_500_000 }]);
    const whole = ['--timeout', '4s', '--swift-chunk-size', '64Mi', '--s3-upload-cutoff', '64Mi'];
    const { code, stderr } = await stage.coffer('copy', ...once, ...whole, stage.source, 'sealed:');
    expect(code, stderr).toBe(0);
    expect(await stage.stored()).toBe(stage.digest);
  });

  test('leaves the old file standing when the new one fails', async () => {
    await using stage = await makeStage(store, smallSize);
    await stage.seed();
    stage.proxy.setRules([{ match: data, resetUp: 100_000 }]);
    const { code } = await stage.coffer('copy', ...once, '--ignore-times', stage.source, 'sealed:');
    expect(code).not.toBe(0);
    expect(await stage.stored()).toBe(stage.digest);
  });

  test('is given up when the store is busy for ever', async () => {
    await using stage = await makeStage(store, smallSize);
    stage.proxy.setRules([{ match: data, status: 503 }]);
    const { code, stderr } = await stage.coffer('copy', '--low-level-retries', '2', stage.source, 'sealed:');
    expect(code, stderr).not.toBe(0);
    expect(stage.proxy.stats().faults.length).toBeGreaterThan(2);
    expect(await stage.stored()).toBeNull();
  });
});
