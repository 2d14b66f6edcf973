import { describe, expect, test } from 'vitest';
import { sourceOf } from '../../../src/core/bytes.ts';
import type { CryptOptions } from '../../../src/remotes/crypt/options.ts';
import { testFolder } from '../../config/rclone.ts';
import { patterned } from '../../contract/remote/bench.ts';
import { before, createBench, next, time } from './bench.ts';

const folder = testFolder('rekey-attributes');
const both = { ...next, previous_password: before.password, previous_password2: before.password2 };
const modes: readonly Partial<CryptOptions>[] = [{}, { filename_encryption: 'off' }, { no_data_encryption: true }];

describe.each(modes)('with %o', (own) => {
  test('attributes get the new passwords with their file, and open under either until then', async () => {
    const bench = createBench(folder, own);
    const attributes = patterned(200);
    const old = await bench.opened(before);
    await old.write('dir/file', sourceOf(Buffer.from('content')), { modified: time, attributes });
    await bench.put(before, { other: 'content' });

    const asked = { attributes: true };
    const between = await bench.opened(both);
    expect((await between.stat('dir/file', asked)).attributes).toEqual(attributes);
    await between.setAttributes?.('other', patterned(3));
    expect((await between.stat('other', asked)).attributes).toEqual(patterned(3));

    expect(await bench.rekey()).toBe(true);
    const fresh = await bench.opened(next);
    expect((await fresh.stat('dir/file', asked)).attributes).toEqual(attributes);
    expect((await fresh.stat('other', asked)).attributes).toEqual(patterned(3));
  });
});
