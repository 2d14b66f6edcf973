import { beforeAll, describe, expect, inject, test } from 'vitest';
import { crypt } from '../servers/remotes.ts';
import { sortedLines, writeTree } from './run.ts';
import { createSites, type Site } from './sites.ts';

const { remotes } = inject('lab');
const sites = createSites('headers');
const source = sites.path('source');
let site: Site;

beforeAll(async () => {
  site = await sites.site('one', {
    swift: { ...remotes['swift-v1'], chunk_size: '5Mi' },
    s3: { ...remotes['ceph-s3'], upload_cutoff: '5Mi', chunk_size: '5Mi' },
    // Its names show, so that the store can be asked about its files.
    secret: crypt('s3:cli-headers/sealed', { filename_encryption: 'off', directory_name_encryption: 'false' }),
  });
  writeTree(source, { small: 'small', 'in/parts': 'x'.repeat(6 << 20) });
});

type Program = 'coffer' | 'rclone';
const programs = ['coffer', 'rclone'] as const;

async function must(program: Program, ...words: string[]): Promise<string> {
  const { code, stdout, stderr } = await site[program](words);
  expect(code, `${program} ${words.join(' ')}: ${stderr}`).toBe(0);
  return stdout;
}

/** What the store says of an object, as coffer's dump has it: rclone shows no headers of Swift. */
async function headOf(place: string): Promise<string> {
  const file = `${place}${place.includes('/sealed/') ? '.bin' : ''}`;
  const { stderr } = await site.coffer(['lsjson', '--stat', file, '--dump', 'headers']);
  return stderr;
}

describe.each(['swift:cli-headers', 's3:cli-headers', 'secret:'])('in %s', (root) => {
  const held = (place: string): string => place.replace('secret:', 's3:cli-headers/sealed/');
  const at = (name: string): string => `${root}${root.endsWith(':') ? '' : '/'}${name}`;

  test('--header-upload describes what is uploaded, in one piece and in several, and nothing else', async () => {
    const types: string[] = [];
    for (const program of programs) {
      const place = at(`upload-${program}`);
      await must(program, 'copy', source, place, '--header-upload', 'Content-Type: text/x-mine');
      // What it describes can be read with it.
      await must(program, 'cat', `${place}/small`, '--header-upload', 'If-Match: "another"');
      types.push(await must('rclone', 'lsf', '-R', '--files-only', '--format', 'pm', held(place)));
    }
    expect(sortedLines(types[0] ?? '')).toEqual(sortedLines(types[1] ?? ''));
    expect(types[0]?.match(/;text\/x-mine$/gm)).toHaveLength(2);
  });

  test('--header-download goes with what is read, not with what is looked up or written', async () => {
    const flags = ['--header-download', 'If-Match: "another"', '--retries', '1', '--low-level-retries', '1'];
    for (const program of programs) {
      const place = at(`download-${program}`);
      await must(program, 'copy', source, place, ...flags);
      await must(program, 'lsl', place, ...flags);
      await must(program, 'cat', `${place}/small`);
      const { code } = await site[program](['copy', place, sites.path(`down-${program}`), ...flags]);
      expect(code, program).not.toBe(0);
    }
  });

  test('--header goes with everything', async () => {
    const flags = ['--header', 'X-Object-Meta-Kept: yes', '--header', 'X-Amz-Meta-Kept: yes'];
    for (const program of programs) {
      const place = at(`every-${program}`);
      await must(program, 'copy', source, place, ...flags);
      expect(await headOf(held(`${place}/small`)), program).toMatch(/^x-(amz|object)-meta-kept: yes/m);
      await must(program, 'lsl', place, '--header', 'X-Other: 1');
      const none = ['--header', 'If-Match: "another"', '--retries', '1', '--low-level-retries', '1'];
      expect((await site[program](['cat', `${place}/small`, ...none])).stdout, program).toBe('');
    }
  });

  test('--tpslimit spaces the requests', async () => {
    const place = at('spaced');
    await must('rclone', 'copy', source, place);
    for (const program of programs) {
      const since = performance.now();
      // Two listings, and a request for each of two files: one at once, the others a second apart.
      await must(program, 'lsl', place, '--tpslimit', '1');
      expect(performance.now() - since).toBeGreaterThan(2900);
    }
  });
});
