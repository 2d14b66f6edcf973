import { expect, test } from 'vitest';
import { loadEngine } from '../../src/crypto/engine.ts';
import { engineContract } from '../contract/engine.ts';

engineContract('native', () => loadEngine({ COFFER_ENGINE: 'native' }));
engineContract('native, warm', async () => {
  const engine = await loadEngine({ COFFER_ENGINE: 'native' });
  const plain = new Uint8Array(16 << 20);
  engine.seal(new Uint8Array(plain.length + 16), plain, new Uint8Array(24), new Uint8Array(32));
  return engine;
});
engineContract('native, prepared', async () => {
  const engine = await loadEngine({ COFFER_ENGINE: 'native' });
  engine.prepare();
  return engine;
});
engineContract('portable', () => loadEngine({ COFFER_ENGINE: 'portable' }));

test('the native engine is chosen where it works', async () => {
  expect((await loadEngine({})).name).toBe('native');
  expect((await loadEngine({ COFFER_ENGINE: '' })).name).toBe('native');
});

test('an unknown engine is refused', async () => {
  await expect(loadEngine({ COFFER_ENGINE: 'fast' })).rejects.toMatchObject({ kind: 'usage' });
});
