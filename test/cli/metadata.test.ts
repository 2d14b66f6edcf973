import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { asNobody, nobody } from '../mount/driver.ts';
import { programPath } from '../program.ts';
import { startFaultProxy } from '../servers/fault-proxy/proxy.ts';
import { crypt } from '../servers/remotes.ts';
import { run } from '../servers/run.ts';
import { messages, readTree, sortedLines, writeTree } from './run.ts';
import { createSites, type Site } from './sites.ts';

const { remotes } = inject('lab');
const sites = createSites('metadata');
const source = sites.path('source');
const programs = ['coffer', 'rclone'] as const;
const flags = ['--metadata', '--metadata-set', 'Step=2'];
let site: Site;

interface Seen {
  readonly mode: string;
  readonly uid: number;
  readonly gid: number;
  readonly modified: string;
  readonly accessed: string;
  /** Name in lower case, as rclone has it → value in hex. */
  readonly extended: Readonly<Record<string, string>>;
}

/** What python sees of the files in a folder, by their paths. */
function describeFiles(folder: string): Readonly<Record<string, Seen>> {
  const script = `import json, os, sys
found = {}
for top, _, names in os.walk(sys.argv[1]):
  for name in names:
    path = os.path.join(top, name)
    seen = os.stat(path)
    kept = {key.lower(): os.getxattr(path, key).hex() for key in os.listxattr(path)}
    found[os.path.relpath(path, sys.argv[1])] = {'mode': oct(seen.st_mode), 'uid': seen.st_uid, 'gid': seen.st_gid,
      'modified': str(seen.st_mtime_ns), 'accessed': str(seen.st_atime_ns), 'extended': kept}
print(json.dumps(found))`;
  return JSON.parse(python(script, folder));
}

function python(script: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync('python3', ['-c', script, ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

/** What a copy must have of its source: all but the time of access, which reading changes, and what other stores add. */
function lasting(folder: string) {
  return mapFiles(describeFiles(folder), (_, { accessed: __, extended, ...rest }) => {
    const { 'user.content-type': ___, 'user.cache-control': ____, ...kept } = extended;
    return { ...rest, extended: kept };
  });
}

/** The source as its copies must be: what runs as its owner there does not elsewhere. */
function restored(added: Readonly<Record<string, string>> = { 'user.step': '32' }) {
  return mapFiles(lasting(source), (path, file) => {
    const mode = path === 'run.sh' ? '0o100751' : file.mode;
    return { ...file, mode, extended: { ...file.extended, ...added } };
  });
}

function mapFiles<A, B>(files: Readonly<Record<string, A>>, change: (path: string, file: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(files).map(([path, file]) => [path, change(path, file)]));
}

async function mustDo(program: (typeof programs)[number], ...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await site[program](args, { env: { TZ: 'Europe/Helsinki' } });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

beforeAll(async () => {
  writeTree(source, { 'run.sh': '#!/bin/sh', 'dir/secret.txt': 'secret', 'dir/large': 'x'.repeat(3 << 20) });
  chmodSync(join(source, 'dir/secret.txt'), 0o600);
  chownSync(join(source, 'dir/secret.txt'), 1234, 5678);
  chmodSync(join(source, 'run.sh'), 0o4751);
  python(
    `import os, sys
os.chdir(sys.argv[1])
os.setxattr('run.sh', 'user.Origin', b'sequencer 7')
os.setxattr('run.sh', 'user.place', 'Jyväskylä'.encode())
os.utime('run.sh', ns=(1500000000111222333, 1400000000123456789))`,
    source,
  );
  site = await sites.site('metadata', {
    s3: remotes['ceph-s3'],
    swift: remotes['ceph-v1'],
    'sealed-s3': crypt('s3:cli-metadata-sealed'),
    'sealed-swift': crypt('swift:cli-metadata-sealed-swift'),
    'sealed-folder': crypt(sites.path('sealed')),
  });
});

describe('from folder to folder', () => {
  test('a file keeps its mode, owner, times and extended attributes, as with rclone', async () => {
    const before = describeFiles(source);
    for (const program of programs) await mustDo(program, 'copy', ...flags, source, sites.path(`by-${program}`));
    const ours = describeFiles(sites.path('by-coffer'));
    for (const path in before) expect(ours[path]?.accessed, path).toBe(before[path]?.accessed);
    for (const program of programs) expect(lasting(sites.path(`by-${program}`))).toEqual(restored());
  });

  test('without the flag nothing but its time and bytes', async () => {
    await mustDo('coffer', 'copy', '--metadata-set', 'step=2', source, sites.path('plain'));
    expect(describeFiles(sites.path('plain'))['dir/secret.txt']).toMatchObject({ mode: '0o100644', extended: {} });
  });

  test('moveto brings them along to another name, and over an older file', async () => {
    const at = sites.path('moved');
    await mustDo('coffer', 'copyto', '-M', join(source, 'run.sh'), join(at, 'from'));
    writeTree(at, { to: 'older' });
    await mustDo('coffer', 'moveto', '-M', join(at, 'from'), join(at, 'to'));
    expect(describeFiles(at).to).toMatchObject({ mode: '0o100751', modified: '1400000000123456789' });
  });

  test.each([
    ['lsjson -R -M', ''],
    ['lsjson --stat --metadata', '/run.sh'],
    ['lsf -R --format pM', ''],
    ['lsf --csv --format Mp', '/dir/secret.txt'],
  ])('%s shows what rclone shows', async (line, path) => {
    const [ours, theirs] = [
      await mustDo('coffer', ...line.split(' '), source + path),
      await mustDo('rclone', ...line.split(' '), source + path),
    ];
    expect(sortedLines(ours)).toEqual(sortedLines(theirs));
    expect(ours).toMatch(/100600|104751/);
  });

  test('bytes that are no text are shown as rclone shows them', async () => {
    const folder = sites.path('raw');
    writeTree(folder, { file: 'content' });
    python(`import os, sys; os.setxattr(sys.argv[1], 'user.raw', b'\\xff<\\x00ok')`, join(folder, 'file'));
    expect(await mustDo('coffer', 'lsjson', '-M', folder)).toBe(await mustDo('rclone', 'lsjson', '-M', folder));
    await mustDo('coffer', 'copy', '-M', folder, sites.path('raw-copy'));
    expect(describeFiles(sites.path('raw-copy')).file?.extended).toEqual({ 'user.raw': 'ff3c006f6b' });
  });

  test('an ordinary user gets all but the owner, and is told once', async () => {
    const home = sites.path('nobody');
    mkdirSync(home);
    for (const path of [sites.folder, home]) chmodSync(path, 0o755);
    chownSync(home, nobody, nobody);
    const plain = sites.path('for-nobody');
    writeTree(plain, { 'a.sh': 'a', 'b.sh': 'b' });
    for (const name of readdirSync(plain)) chmodSync(join(plain, name), 0o754);
    const [first, ...rest] = [...asNobody, process.execPath, programPath, 'copy', '-M', plain, join(home, 'copy')];
    const { code, stderr } = await run(first as string, rest, { env: { HOME: home, RCLONE_CONFIG: '/dev/null' } });
    expect(code, stderr).toBe(0);
    expect(messages(stderr)).toEqual(['NOTICE: owners of files are not restored: only root can do that']);
    for (const file of Object.values(describeFiles(join(home, 'copy')))) {
      expect(file).toMatchObject({ mode: '0o100754', uid: nobody });
    }
  });

  test('a symlink that is made leaves the file that it leads to as it is', async () => {
    const [links, target] = [sites.path('links'), sites.path('linked')];
    writeTree(links, { file: 'content' });
    chmodSync(join(links, 'file'), 0o600);
    symlinkSync('file', join(links, 'link'));
    await mustDo('coffer', 'copy', '-M', '--links', links, target);
    expect(describeFiles(target)).toMatchObject({ file: { mode: '0o100600' }, link: { mode: '0o100600' } });
    const text = await mustDo('coffer', 'lsjson', '-M', '--links', join(links, 'link.rclonelink'));
    expect(JSON.parse(text)[0].Metadata).toMatchObject({ mode: '120777' });
  });

  test('a mode that is no file’s, and values that make no sense, change nothing', async () => {
    for (const [key, value] of [
      ['mode', '120777'],
      ['mode', 'rwx'],
      ['uid', 'root'],
      ['atime', 'yesterday'],
      ['mtime', 'yesterday'],
    ] as const) {
      const target = sites.path(`odd-${key}-${value}`);
      const plain = sites.path('odd');
      writeTree(plain, { file: 'content' }, new Date('2020-01-01T00:00:00Z'));
      const args = ['copy', '-vv', '-M', '--metadata-set', `${key}=${value}`, '--metadata-set', 'gid=0'];
      const { code, stderr } = await site.coffer([...args, plain, target]);
      expect(code).toBe(0);
      if (value !== '120777') expect(stderr).toContain(`failed to parse metadata ${key}: "${value}"`);
      expect(describeFiles(target).file).toMatchObject({
        mode: '0o100644',
        uid: 0,
        modified: '1577836800000000000',
      });
    }
  });

  test.each(['nonsense', '=value'])('--metadata-set %s is refused', async (text) => {
    const { code, stderr } = await site.coffer(['copy', '--metadata-set', text, source, sites.path('never')]);
    expect(code).toBe(1);
    expect(stderr).toContain('give --metadata-set key=value');
  });
});

describe('over S3', () => {
  const at = (name: string): string => `s3:cli-metadata/${name}`;
  const headers = ['--metadata-set', 'cache-control=no-cache', '--metadata-set', 'tier=GLACIER'];

  /** A listing of rclone's as we list: it takes `btime` from the store's listing, where this one tells milliseconds. */
  const asOurs = (text: string): string =>
    text.replaceAll(/,"Tier":"STANDARD"/g, '').replaceAll(/("btime":"[^"]*:\d\d)\.\d+Z/g, '$1Z');

  beforeAll(async () => {
    for (const program of programs) await mustDo(program, 'copy', ...flags, ...headers, source, at(program));
  });

  test.each(programs.flatMap((writer) => programs.map((reader) => [writer, reader] as const)))(
    'what %s wrote, %s brings back',
    async (writer, reader) => {
      const target = sites.path(`${writer}-${reader}`);
      await mustDo(reader, 'copy', '-M', at(writer), target);
      expect(lasting(target)).toEqual(restored());
      const control = Buffer.from('no-cache').toString('hex');
      expect(describeFiles(target)['run.sh']?.extended).toMatchObject({ 'user.cache-control': control });
      expect(readTree(target)).toEqual(readTree(source));
    },
  );

  test.each(programs)('lsjson -M and lsf show the same of what %s wrote', async (writer) => {
    for (const line of ['lsjson -R -M --files-only', 'lsf -R --files-only --format pM']) {
      const [ours = '', theirs = ''] = await Promise.all(
        programs.map((program) => mustDo(program, ...line.split(' '), at(writer))),
      );
      expect(sortedLines(ours)).toEqual(sortedLines(asOurs(theirs)));
      expect(ours).toContain('"cache-control":"no-cache"');
    }
  });

  test.each(['', 'sealed-'])('a copy from %ss3 takes no more requests than without the flag', async (layer) => {
    await using proxy = await startFaultProxy(remotes['ceph-s3'].endpoint ?? '');
    const s3 = { ...remotes['ceph-s3'], endpoint: proxy.url };
    const watched = await sites.site('watched', { s3, 'sealed-s3': crypt('s3:cli-metadata-watched') });
    const place = layer === '' ? at('watched') : 'sealed-s3:';
    await watched.coffer(['copy', '-M', source, place]);
    const counts = [];
    for (const args of [['copy'], ['copy', '--metadata']]) {
      const before = proxy.stats().requests.length;
      const { code, stderr } = await watched.coffer([...args, place, sites.path(`${layer}watched-${args.length}`)]);
      expect(code, stderr).toBe(0);
      counts.push(proxy.stats().requests.length - before);
    }
    expect(counts[1]).toBe(counts[0]);
    expect(lasting(sites.path(`${layer}watched-2`))).toEqual(restored({}));
  });

  test('a copy inside the store keeps them, and so does touch', async () => {
    await mustDo('coffer', 'copy', '-M', at('coffer'), at('again'));
    await mustDo('coffer', 'touch', at('again/run.sh'));
    const [item] = JSON.parse(await mustDo('rclone', 'lsjson', '-M', at('again/run.sh')));
    expect(item.Metadata).toMatchObject({ mode: '104751', origin: 'sequencer 7', step: '2' });
  });

  test('rcat stores what --metadata-set says, short or long', async () => {
    for (const [name, input] of [
      ['short', 'hello'],
      ['long', 'x'.repeat(6 << 20)],
    ] as const) {
      const args = ['rcat', '-M', '--metadata-set', 'content-type=text/x-log', '--metadata-set', 'a=b', at(name)];
      expect((await site.coffer(args, { input })).code).toBe(0);
      const [item] = JSON.parse(await mustDo('rclone', 'lsjson', '-M', at(name)));
      expect(item).toMatchObject({ MimeType: 'text/x-log', Metadata: { a: 'b', 'content-type': 'text/x-log' } });
    }
  });

  test('what no header can hold is dropped and told, as rclone does', async () => {
    const lines = await Promise.all(
      programs.map(async (program) => {
        const args = ['copyto', '-M', '--metadata-set', 'a b=1', '--metadata-set', 'c=x\ny', '--metadata-set', 'd=2'];
        const result = await site[program]([...args, join(source, 'run.sh'), at(`odd-${program}`)]);
        expect(result.code).toBe(0);
        const [item] = JSON.parse(await mustDo('rclone', 'lsjson', '-M', at(`odd-${program}`)));
        expect(item.Metadata).toMatchObject({ d: '2' });
        expect(Object.keys(item.Metadata)).not.toContain('c');
        return messages(result.stderr).map((line) => line.replace(/^ERROR : .*: (?=Dropping)/, ''));
      }),
    );
    expect(lines[0]?.sort()).toEqual(lines[1]?.sort());
    expect(lines[0]).toContain('Dropping invalid metadata key "a b"');
  });

  test('no_system_metadata makes all of it plain metadata of the user', async () => {
    const target = 's3,no_system_metadata:cli-metadata/no-system';
    const file = join(source, 'run.sh');
    for (const program of programs) {
      await mustDo(program, 'copyto', '-M', ...headers, file, `${target}-${program}`);
      const [ours, theirs] = [
        await mustDo('coffer', 'lsjson', '-M', `s3:cli-metadata/no-system-${program}`),
        asOurs(await mustDo('rclone', 'lsjson', '-M', `s3:cli-metadata/no-system-${program}`)),
      ].map((text) => JSON.parse(text)[0].Metadata);
      expect(ours).toEqual(theirs);
      expect(ours).toMatchObject({ tier: 'GLACIER', 'cache-control': 'no-cache' });
    }
  });
});

describe.each([
  ['sealed-s3:', 's3:cli-metadata-sealed'],
  ['sealed-swift:', 'swift:cli-metadata-sealed-swift'],
  ['sealed-folder:', sites.path('sealed')],
])('over crypt, in %s', (sealed, base) => {
  beforeAll(async () => {
    await mustDo('coffer', 'copy', ...flags, source, sealed);
  });

  test('modes, owners and extended attributes come back', async () => {
    const target = sites.path(`back-${sealed.slice(0, -1)}`);
    await mustDo('coffer', 'copy', '-M', sealed, target);
    expect(lasting(target)).toEqual(restored());
    const listed = JSON.parse(await mustDo('coffer', 'lsjson', '-M', `${sealed}run.sh`))[0].Metadata;
    expect(listed).toEqual({
      gid: '0',
      mode: '104751',
      origin: 'sequencer 7',
      place: 'Jyväskylä',
      step: '2',
      uid: '0',
    });
  });

  test('rclone reads the same files, and the store sees nothing of it', async () => {
    const target = sites.path(`theirs-${sealed.slice(0, -1)}`);
    await mustDo('rclone', 'copy', sealed, target);
    expect(readTree(target)).toEqual(readTree(source));
    const seen = await mustDo('rclone', 'lsjson', '-R', '-M', '--files-only', base);
    for (const clear of ['sequencer', '104751', '100600', '1234', '5678', 'step', 'origin']) {
      expect(seen).not.toContain(`"${clear}"`);
    }
  });

  test('a copy inside the store keeps them', async () => {
    await mustDo('coffer', 'copyto', '-M', `${sealed}dir/secret.txt`, `${sealed}copy`);
    const [item] = JSON.parse(await mustDo('coffer', 'lsjson', '-M', `${sealed}copy`));
    expect(item.Metadata).toMatchObject({ mode: '100600', uid: '1234', gid: '5678' });
    await mustDo('coffer', 'deletefile', `${sealed}copy`);
  });

  test('more than there is room for is an error, and nothing is written', async () => {
    const { code, stderr } = await site.coffer([
      ...['copyto', '-M', '--metadata-set', `note=${'x'.repeat(2500)}`, '--retries', '1'],
      ...[join(source, 'run.sh'), `${sealed}too-much`],
    ]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/its extended attributes need \d+ bytes, .* takes \d+/);
    expect(await mustDo('coffer', 'lsf', sealed)).not.toContain('too-much');
  });
});

test('plain Swift keeps what a mount keeps there, and rclone sees the same files', async () => {
  await mustDo('coffer', 'copy', '-M', source, 'swift:cli-metadata-swift');
  await mustDo('coffer', 'copy', '-M', 'swift:cli-metadata-swift', sites.path('from-swift'));
  expect(lasting(sites.path('from-swift'))).toEqual(restored({}));
  await mustDo('rclone', 'copy', '-M', 'swift:cli-metadata-swift', sites.path('rclone-from-swift'));
  expect(readTree(sites.path('rclone-from-swift'))).toEqual(readTree(source));
});

test('a remote that keeps nothing beside the bytes gets those, and that is told at -vv', async () => {
  const { code, stderr } = await site.coffer([
    ...['copy', '-vv', '-M', join(source, 'run.sh')],
    `:crypt4gh,remote="${sites.path('c4gh')}",recipients="${site.publicKey}":`,
  ]);
  expect(code, stderr).toBe(0);
  expect(stderr).toContain('keeps no metadata');
  expect(readFileSync(join(sites.path('c4gh'), readdirSync(sites.path('c4gh'))[0] ?? '')).length).toBeGreaterThan(9);
});
