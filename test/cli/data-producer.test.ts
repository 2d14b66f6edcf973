import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import type { Section } from '../servers/remotes.ts';
import { createSites, type Site } from './sites.ts';

// Receiving sensitive research data through a shared bucket, from the keys to the data, as the guide tells it
// (docs/guide/data-producer.md): Tiina's project 2000001 and a sequencing center's project 2000002.

const { remotes } = inject('lab');
const sites = createSites('data-producer');
const center = 'project_2000002';
const passphrase = { C4GH_PASSPHRASE: 'H8koGN3lzkke' };

const asBob = (section: Section): Section => ({ ...section, user: 'bob', key: 'bobpw', tenant: center });

test.each(['swift-v3', 'ceph-v3'] as const)(
  'a producer brings data through a shared bucket on %s',
  async (store) => {
    const pub = `animine_pub_${store}`;
    const shared = `animine_data_import_${store}`;
    const tiina = await sites.site('tiina', { allas: remotes[store], center: asBob(remotes[store]) });
    const producer = await sites.site('producer', { allas: asBob(remotes[store]) });
    // CSC's key, whose secret half here lies with Tiina, to see that it opens the data too.
    const csc = await sites.site('csc');
    const ok = async (site: Site, args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
      const { code, stdout, stderr } = await site.coffer(args, { cwd: site.home, env });
      expect(code, `${args.join(' ')}: ${stderr}`).toBe(0);
      return stdout;
    };

    // 3. The keys of the project, and the public one where everybody finds it.
    await ok(tiina, ['key', 'new', '--key', 'animine_crypt4gh.key', '--pub', 'animine_crypt4gh.pub'], passphrase);
    await ok(tiina, ['copy', 'animine_crypt4gh.pub', `allas:${pub}/data`]);

    // 4.1 The bucket.
    await ok(tiina, ['copy', `allas:${pub}/data/animine_crypt4gh.pub`, 'fetched']);
    const answer = await ok(tiina, [
      ...['make-shared-bucket', `allas:${shared}`, center],
      ...['--public-key', join('fetched', 'animine_crypt4gh.pub')],
    ]);

    // The producer does what they were sent.
    const [, place = ''] = /coffer buckets add '(.*)'/.exec(answer) ?? [];
    expect(answer).toContain(`coffer copy ${shared}:animine_crypt4gh.pub .`);
    await ok(producer, ['buckets', 'add', place]);
    expect(await ok(producer, ['buckets'])).toContain(`${shared}:`);
    await ok(producer, ['copy', `${shared}:animine_crypt4gh.pub`, '.']);
    const reads = '@run_12_R1\nGATTACA\n+\nIIIIIII\n'.repeat(10_000);
    writeFileSync(join(producer.home, 'run_12_R1.fastq'), reads);
    await ok(producer, ['encrypt', 'run_12_R1.fastq', '--to', 'animine_crypt4gh.pub', '--to', csc.publicKey]);
    await ok(producer, ['copy', 'run_12_R1.fastq.c4gh', `${shared}:`]);

    // 4.2 All has come.
    const closed = await ok(tiina, ['access', '-rw', center, '--as', 'center:', `allas:${shared}`]);
    expect(closed).toContain('center: cannot list');
    expect(closed).toContain('center: cannot put and remove');
    for (const args of [
      ['lsf', `${shared}:`],
      ['cat', `${shared}:run_12_R1.fastq.c4gh`],
      ['copy', 'run_12_R1.fastq', `${shared}:`],
    ]) {
      const { code } = await producer.coffer([...args, '--low-level-retries', '1', '--retries', '1'], {
        cwd: producer.home,
      });
      expect(code, args.join(' ')).not.toBe(0);
    }
    expect(await ok(tiina, ['lsf', `allas:${shared}`])).toBe('animine_crypt4gh.pub\nrun_12_R1.fastq.c4gh\n');

    // 5. The data, with the key of the project and with the other.
    await ok(tiina, ['copy', `allas:${shared}/run_12_R1.fastq.c4gh`, '.']);
    await ok(tiina, ['decrypt', '--key', 'animine_crypt4gh.key', 'run_12_R1.fastq.c4gh'], passphrase);
    expect(readFileSync(join(tiina.home, 'run_12_R1.fastq'), 'utf8')).toBe(reads);
    await ok(csc, ['decrypt', join(tiina.home, 'run_12_R1.fastq.c4gh'), '-o', 'opened.fastq']);
    expect(readFileSync(join(csc.home, 'opened.fastq'), 'utf8')).toBe(reads);
    const { code } = await producer.coffer(['decrypt', 'run_12_R1.fastq.c4gh', '-o', 'mine'], { cwd: producer.home });
    expect(code).not.toBe(0);
  },
  240_000,
);
