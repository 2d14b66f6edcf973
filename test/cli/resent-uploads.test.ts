import { appendFileSync, closeSync, openSync, utimesSync, writeFileSync, writeSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { patterned } from '../contract/remote/bench.ts';
import type { Result } from '../servers/run.ts';
import { createBench } from './run.ts';

const { coffer, path } = createBench('resent-uploads');

/** Takes every byte of each upload and fails; gives all bodies. `onUpload` runs before the answer. */
async function failingStore(onUpload: () => void, work: (port: number) => Promise<void>): Promise<Buffer[]> {
  const bodies: Buffer[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    // What was given up has been seen as well.
    request.on('close', () => request.method === 'PUT' && bodies.push(Buffer.concat(pieces)));
    request.on('end', () => {
      if (request.method === 'PUT') onUpload();
      response.writeHead(request.method === 'PUT' ? 503 : 404).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await work((server.address() as AddressInfo).port);
    return bodies;
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test('a store that has an upload sent again never sees two contents under one nonce', async () => {
  const file = path('patients');
  writeFileSync(file, patterned(5_000_000));
  utimesSync(file, 1_700_000_000, 1_700_000_000);
  let count = 0;
  // As a program that has mapped the file into memory writes to it: its time stays for a while.
  const change = (): void => {
    const descriptor = openSync(file, 'r+');
    writeSync(descriptor, Buffer.alloc(100, ++count), 0, 100, 200_000);
    closeSync(descriptor);
    utimesSync(file, 1_700_000_000, 1_700_000_000);
  };
  let result: Result | null = null;
  const bodies = await failingStore(change, async (port) => {
    appendFileSync(
      path('rclone.conf'),
      `\n[s3]\ntype = s3\nprovider = Other\nendpoint = http://127.0.0.1:${port}\naccess_key_id = a\nsecret_access_key = b\nno_check_bucket = true\n
[sealed-s3]\ntype = crypt\nremote = s3:bucket\npassword = SdMuIGKsBIKFqF0Vc3TT8zPefSL4F0Gm8GHVD5s\n`,
    );
    result = await coffer(['copyto', file, 'sealed-s3:patients', '--low-level-retries', '3']);
  });
  const first = bodies[0] as Buffer;
  expect(bodies.length).toBeGreaterThan(1);
  for (const body of bodies.slice(1)) {
    const isSameNonce = Buffer.compare(body.subarray(8, 32), first.subarray(8, 32)) === 0;
    if (isSameNonce) expect(Buffer.compare(body, first.subarray(0, body.length))).toBe(0);
  }
  expect(result).toMatchObject({ code: 1, stderr: expect.stringContaining('it was changed while it was read') });
});
