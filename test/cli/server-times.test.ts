import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type FaultProxy, startFaultProxy } from '../servers/fault-proxy/proxy.ts';
import { crypt, type Section } from '../servers/remotes.ts';
import { readTree, sortedLines, timesIn, writeTree } from './run.ts';
import { createSites, type Site } from './sites.ts';

const { remotes } = inject('lab');
const sites = createSites('server-times');
const flag = '--use-server-modtime';
const source = sites.path('source');
const changed = sites.path('changed');
const longAgo = new Date('2001-02-03T04:05:06.789Z');
const later = new Date(Date.now() + 3_600_000);

writeTree(source, { 'a.txt': 'one', 'dir/b.csv': 'two', 'dir/deep/c': 'three' });
// What was uploaded since is newer than the first two.
writeTree(changed, { 'a.txt': 'ONE', 'dir/b.csv': 'two' }, longAgo);
writeTree(changed, { 'dir/deep/c': 'THREE', 'd/new': 'new' }, later);

const options: Readonly<Record<string, (url: string) => Section>> = {
  s3: (url) => ({ ...remotes['ceph-s3'], endpoint: url }),
  swift: (url) => ({ ...remotes['swift-v1'], auth: `${url}/auth/v1.0` }),
};
const upstream = { s3: remotes['ceph-s3'].endpoint, swift: new URL(remotes['swift-v1'].auth ?? '').origin };

describe.each(['s3', 'swift'] as const)('by the times at which %s got the files', (store) => {
  const bucket = `cli-server-times-${store}`;
  let proxy: FaultProxy;
  let site: Site;
  beforeAll(async () => {
    proxy = await startFaultProxy(upstream[store] ?? '');
    const section = options[store]?.(proxy.url) ?? {};
    site = await sites.site(store, {
      [store]: section,
      secret: crypt(`${store}:${bucket}/sealed`),
      rekeyed: crypt(`${store}:${bucket}/rekeyed`),
    });
  });
  afterAll(() => proxy[Symbol.asyncDispose]());

  // One may ask whether the place is a file.
  const singleRequests = (): number => proxy.stats().requests.filter((line) => /^(HEAD|PUT)/.test(line)).length;

  describe.each([`${store}:${bucket}/plain`, 'secret:'])('in %s', (place) => {
    const at = (name: string): string => `${place}${place.endsWith(':') ? '' : '/'}${name}`;

    test.each([
      'lsl',
      'lsf -R --files-only --format tsp',
      'lsjson -R --files-only',
      'ls --max-age 1d',
      'ls --min-age 1d',
    ])('%s shows what rclone shows', async (line) => {
      await site.rclone(['copy', source, at('listed')]);
      const args = [...line.split(' '), flag, at('listed')];
      const [ours, theirs] = [await site.coffer(args), await site.rclone(args)];
      expect(ours).toMatchObject({ code: 0, stderr: '' });
      expect(sortedLines(ours.stdout)).toEqual(sortedLines(theirs.stdout.replace(/,"Tier":"STANDARD"/g, '')));
    });

    test('a listing with times asks for no single file', async () => {
      await site.rclone(['copy', source, at('unasked')]);
      proxy.setRules([]);
      const { stdout } = await site.coffer(['lsf', '-R', '--files-only', '--format', 'tp', flag, at('unasked')]);
      expect(sortedLines(stdout).filter((line) => line.includes('2024-02-29'))).toEqual([]);
      expect(sortedLines(stdout).filter((line) => line.includes('.csv'))).toHaveLength(1);
      expect(singleRequests()).toBeLessThanOrEqual(1);
      expect(proxy.stats().requests).not.toEqual([]);
    });

    test('sync --update carries what rclone carries, and asks for no file that it leaves', async () => {
      const ends: unknown[] = [];
      for (const name of ['coffer', 'rclone'] as const) {
        await site.rclone(['copy', source, at(`synced-${name}`)]);
        const { code, stderr } = await site[name](['sync', '-u', flag, changed, at(`synced-${name}`)]);
        const end = sites.path(`end-${name}`);
        await site.rclone(['copy', at(`synced-${name}`), end]);
        ends.push({ code, files: readTree(end), times: timesIn(end) });
        expect(code, stderr).toBe(0);
        rmSync(end, { recursive: true });
      }
      expect(ends[0]).toEqual(ends[1]);
      expect(ends[0]).toMatchObject({ files: { 'a.txt': 'one', 'dir/deep/c': 'THREE', 'd/new': 'new' } });

      await site.rclone(['copy', source, at('again')]);
      proxy.setRules([]);
      expect((await site.coffer(['copy', '-u', flag, source, at('again')])).code).toBe(0);
      expect(singleRequests()).toBeLessThanOrEqual(1);
      expect(proxy.stats().requests).not.toEqual([]);
    });

    test('what is copied from there gets those times, as from rclone', async () => {
      await site.rclone(['copy', source, at('back')]);
      const times: unknown[] = [];
      for (const name of ['coffer', 'rclone'] as const) {
        const end = sites.path(`back-${name}`);
        const { code, stderr } = await site[name](['copy', flag, at('back'), end]);
        expect(code, stderr).toBe(0);
        times.push(timesIn(end));
        expect(readTree(end)).toEqual(readTree(source));
        rmSync(end, { recursive: true });
      }
      expect(times[0]).toEqual(times[1]);
    });
  });

  test('rekey keeps the times of the files themselves', async () => {
    await site.rclone(['copy', source, 'rekeyed:']);
    const before = (await site.rclone(['lsl', 'rekeyed:'])).stdout;
    const { code, stderr } = await site.coffer(['rekey', '--generate', flag, 'rekeyed:']);
    expect(code, stderr).toBe(0);
    const after = (await site.rclone(['lsl', 'rekeyed:'])).stdout;
    expect(sortedLines(after)).toEqual(sortedLines(before));
    expect(after).toContain('2024-02-29');
  });
});
