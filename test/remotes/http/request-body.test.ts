import { expect, it } from 'vitest';
import { concat } from '../../../src/core/bytes.ts';
import { checkedBody } from '../../../src/remotes/http/request-body.ts';
import { patterned } from '../../contract/remote/bench.ts';
import { pieces } from '../../formats/rclone-crypt/streams.ts';

it('a small piece of a body may wait in a socket for as long as it likes', async () => {
  const data = patterned(100_000);
  const source = { size: data.length, replayable: true, open: () => pieces(data, [1000]) };
  const waiting: Uint8Array[] = [];
  for await (const piece of checkedBody({ source, length: data.length })) waiting.push(piece);
  expect(Buffer.compare(concat(waiting), data)).toBe(0);
});
