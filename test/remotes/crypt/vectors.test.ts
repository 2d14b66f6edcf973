import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openConfigFile } from '../../../src/config/config-file.ts';
import { collect } from '../../../src/core/bytes.ts';
import type { Remote } from '../../../src/core/remote.ts';
import { silentReport } from '../../../src/core/report.ts';
import { createOpener, type Opener } from '../../../src/remotes/open.ts';
import { transportSettings } from '../settings.ts';

// Remotes that rclone 1.60.1 wrote. They are never written again: what opened once must open for ever.
const path = join(import.meta.dirname, '../../vectors/rclone-crypt/rclone.conf');
const remotes = ['standard', 'one-password', 'base64', 'base32768', 'plain-folders', 'obfuscate', 'off', 'names-only'];
const files = {
  empty: '',
  'hello.txt': 'hello\n',
  'reports/2024 ü/häßlich – 日本.txt': 'nested',
  'reports/a-v2001-02-03-040506-123.txt': 'v',
};

let opener: Opener;
beforeAll(async () => {
  const request = { environment: {}, report: silentReport };
  const config = await openConfigFile({ ...request, path, passwordCommand: undefined, prompt: null }).read();
  opener = createOpener({ ...request, config, flags: new Map(), settings: transportSettings });
});
afterAll(() => opener[Symbol.asyncDispose]());

test.for(remotes)('the remote %s opens, every name and byte', async (name) => {
  const { remote } = await opener.location(`${name}:`);
  const found: Record<string, string> = {};
  for await (const file of filesBelow(remote, '')) {
    if (file !== 'chunk') found[file] = Buffer.from(await collect(remote.read(file))).toString();
  }
  expect(found).toEqual(files);
});

test('a file of more than a chunk opens', async () => {
  const { remote } = await opener.location('standard:');
  const expected = Uint8Array.from({ length: 65_537 }, (_, i) => (i * 7 + Math.floor(i / 251)) % 256);
  expect(Buffer.compare(await collect(remote.read('chunk')), expected)).toBe(0);
  expect(await remote.stat('chunk')).toMatchObject({ size: 65_537 });
});

async function* filesBelow(remote: Remote, dir: string): AsyncGenerator<string> {
  for await (const page of remote.list(dir)) {
    for (const entry of page) {
      if (entry.kind === 'file') yield entry.path;
      else yield* filesBelow(remote, entry.path);
    }
  }
}
