import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { requirePeer } from '../servers/peers.ts';
import { mustRun } from '../servers/run.ts';
import { makeSmallFiles } from './data.ts';
import { measure, measureCommand } from './measure.ts';
import type { Group } from './row.ts';

const [count, size] = [50, 10 << 20];
const password = 'bench';

/** rclone packs nothing: in its place stands what the Allas tools run, tar and gpg. */
export const packing: Group = {
  name: 'packing',
  async rows(bench) {
    requirePeer('packers');
    const source = await makeSmallFiles(join(bench.folder, 'pack'), count, size, 1);
    const home = join(bench.folder, 'gpg');
    await mkdir(home, { mode: 0o700 });
    const [packed, theirs, out] = [
      join(bench.folder, 'packed'),
      join(bench.folder, 'theirs.tar.gpg'),
      join(bench.folder, 'got'),
    ];
    const gpg = `GNUPGHOME=${home} gpg --quiet --batch --yes --pinentry-mode loopback --passphrase ${password}`;
    const shell = (script: string): readonly string[] => ['sh', '-c', script];
    const seal = `tar -C ${bench.folder} -cf - pack | ${gpg} --symmetric --cipher-algo AES256 --compress-algo none > ${theirs}`;
    const given = ['--gpg-password-command', `echo ${password}`];
    await mustRun('sh', ['-c', seal]);
    await bench.use(
      Promise.resolve({
        [Symbol.asyncDispose]: async () =>
          void (await mustRun('env', [`GNUPGHOME=${home}`, 'gpgconf', '--kill', 'all'])),
      }),
    );
    return [
      {
        name: '`put --encrypt gpg` of 50 files of 10 MiB, against tar and gpg',
        wall: 0.8,
        prepare: () => rm(packed, { recursive: true, force: true }),
        run: (tool) =>
          tool === 'coffer'
            ? measure(tool, ['put', source, '-e', 'gpg', '-b', packed, ...given], bench.config)
            : measureCommand(shell(seal), bench.config),
      },
      {
        name: '`get` of what gpg sealed, against gpg and tar',
        wall: 1.2,
        prepare: () => rm(out, { recursive: true, force: true }),
        run: (tool) =>
          tool === 'coffer'
            ? measure(tool, ['get', theirs, '-t', 'got', '-d', bench.folder, ...given], bench.config)
            : measureCommand(shell(`mkdir ${out} && ${gpg} -d ${theirs} | tar -C ${out} -xf -`), bench.config),
      },
    ];
  },
};
