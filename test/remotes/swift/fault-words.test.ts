import { expect, test } from 'vitest';
import { noBytes } from '../../../src/core/bytes.ts';
import { faultOf } from '../../../src/remotes/swift/faults.ts';

test.each([
  ['b', '', 'b: the store answers 400 to HEAD: it may not take such a name for a container'],
  ['bucket', 'file', 'bucket/file: the store answers 400 to HEAD'],
])('a refusal without words, of %s/%s, has some of ours or none', async (container, name, message) => {
  const response = {
    status: 400,
    headers: {},
    body: (async function* () {
      yield noBytes;
    })(),
    text: async () => '',
    discard: async () => {},
    abandon: () => {},
  };
  const path = name === '' ? container : `${container}/${name}`;
  expect(await faultOf(response, { method: 'HEAD', target: { container, name }, path })).toMatchObject({ message });
});
