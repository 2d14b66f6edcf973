import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { FileEntry } from '../../core/entry.ts';
import { Failure, isAbsence, isFailure } from '../../core/failure.ts';
import type { Location } from '../../core/remote.ts';
import { shellWord } from '../../core/shell.ts';
import { getObject } from '../../packing/get.ts';
import type { Keys } from '../../packing/seal.ts';
import { readAmetaOf } from '../../packing/sealed-ameta.ts';
import { placeName } from '../../transfer/place.ts';
import { countError } from '../../transfer/session.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { optionalText, textFlag, toggle } from '../flags.ts';
import { shownPath } from '../listing.ts';
import { openingFlags, openingKeys } from '../packing/passwords.ts';
import { openPlace, storeFlags } from '../packing/place.ts';

const flags = {
  target_dir: optionalText('Folder to put it into, made if missing (default: the current one)', { short: 'd' }),
  target_file: optionalText('Name to give it', { short: 't' }),
  original_location: toggle('Put it back where it came from', 'l'),
  file: textFlag('The one file or folder of the archive to get, by its path there', { short: 'f' }),
  asis: toggle('Get the object as it is: sealed, compressed, packed'),
  'outside-links': toggle('Also make links that lead out of the folder'),
  silent: toggle('Print nothing about what went well', 's'),
  ...openingFlags,
  ...storeFlags,
};

type Context = CommandContext<typeof flags>;

export const command = defineCommand({
  usage: 'bucket/object...',
  summary: 'Get what put or a-put stored: decrypted, decompressed, unpacked',
  help: `Gets objects that \`coffer put\` or the Allas tools have stored. The suffixes of the name say what to do: .c4gh and .gpg
are decrypted, .zst is decompressed, .tar is unpacked. All of this goes into a hidden folder beside the target, and is moved
into place when it is whole and verified; otherwise nothing is left behind.

With --original_location it goes where its description says, which whoever may write to the bucket may have changed:
\`coffer objects\` shows it.

A place without a remote is in allas:. Nothing that exists is replaced. An archive is refused if it would write outside the
folder, or if it contains devices or links that lead out of the folder (--outside-links makes such links, but nothing is
written through them).

A .c4gh object is decrypted with your secret key (--sk), a .gpg object with a password, which you are asked for unless
COFFER_GPG_PASSWORD or --gpg-password-command gives it.

    coffer get my_bucket/data_dir.tar.zst.gpg
    coffer get --sk project.key my_bucket/data_dir.tar.c4gh -d restored
    coffer get my_bucket/data_dir.tar -f data_dir/results.csv
    coffer get --asis s3allas:my_bucket/data_dir.tar.c4gh`,
  arguments: { min: 1, max: Number.POSITIVE_INFINITY },
  flags,
  async run(context) {
    const { args, flags, session } = context;
    if (args.length > 1 && flags.target_file !== undefined) {
      throw new Failure('usage', `--target_file names one thing, and there are ${args.length} objects to get`);
    }
    const keys = openingKeys(context);
    for (const spec of args) {
      try {
        await getOne(context, spec, keys);
      } catch (error) {
        if (args.length === 1) throw error;
        countError(session, spec, 'cannot get it', error);
      }
    }
  },
});

async function getOne(context: Context, spec: string, keys: Keys): Promise<void> {
  const { flags, session, io } = context;
  const from = await openPlace(context, spec);
  const entry = await statOf(context, from, spec);
  const { folder, name } = await targetOf(context, from, keys);
  const request = {
    from,
    entry,
    folder,
    name,
    member: flags.file,
    asIs: flags.asis,
    outsideLinks: flags['outside-links'],
    keys,
  };
  const target = await getObject(session, request);
  if (target !== null && !flags.silent) await io.stdout.write(`${shownPath(context, `${spec} → ${target}`)}\n`);
}

async function targetOf({ flags, session }: Context, from: Location, keys: Keys) {
  const { target_file: file, target_dir: dir = '.' } = flags;
  const folder = flags.original_location ? await originalFolder(from, keys, session.signal) : resolve(dir);
  if (file === undefined) return { folder, name: null };
  if (file === '' || file.endsWith('/')) throw new Failure('usage', '--target_file is the name of a file');
  return { folder: join(folder, dirname(file)), name: file.slice(file.lastIndexOf('/') + 1) };
}

async function originalFolder(from: Location, keys: Keys, signal: AbortSignal): Promise<string> {
  const ameta = await readAmetaOf(from, keys, signal);
  const location = ameta?.originalLocation ?? '';
  if (!isAbsolute(location)) {
    throw new Failure('usage', `${placeName(from)}: no description says where it came from: use --target_dir`, {
      path: from.path,
    });
  }
  return dirname(location);
}

async function statOf({ session }: Context, { remote, path }: Location, spec: string): Promise<FileEntry> {
  try {
    return await remote.stat(path, { signal: session.signal });
  } catch (error) {
    if (isFailure(error, 'is-folder')) {
      const advice = `name an object in it, as ${spec}/OBJECT: \`coffer objects ${spec}\` lists them`;
      throw new Failure('is-folder', `${spec} can only be a bucket or a folder: ${advice}`, { path, cause: error });
    }
    if (!isAbsence(error)) throw error;
    const list = `coffer objects ${shellWord(spec.replace(/(?<=[^/])\/[^/]*\/*$/, ''))}`;
    throw new Failure(error.kind, `there is no object ${spec}: \`${list}\` lists those that are there`, {
      path: spec,
      cause: error,
    });
  }
}
