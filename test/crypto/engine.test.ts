import { expect, test } from 'vitest';
import { loadEngine } from '../../src/crypto/engine.ts';
import { engineContract } from '../contract/engine.ts';

engineContract('native', () => loadEngine({ COFFER_ENGINE: 'native' }));
engineContract('portable', () => loadEngine({ COFFER_ENGINE: 'portable' }));

test('the native engine is chosen where it works', async () => {
  expect((await loadEngine({})).name).toBe('native');
  expect((await loadEngine({ COFFER_ENGINE: '' })).name).toBe('native');
});

test('an unknown engine is refused', async () => {
  await expect(loadEngine({ COFFER_ENGINE: 'fast' })).rejects.toMatchObject({ kind: 'usage' });
});
