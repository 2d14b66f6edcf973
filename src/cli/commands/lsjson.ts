import type { Entry } from '../../core/entry.ts';
import { Failure } from '../../core/failure.ts';
import { type HashType, hashTypes } from '../../core/hash.ts';
import type { Features, Location } from '../../core/remote.ts';
import { createDetails, type Wanted } from '../../transfer/details.ts';
import { placeName } from '../../transfer/place.ts';
import { isFolder } from '../../transfer/touch.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { listFlag, toggle } from '../flags.ts';
import { type LsjsonOptions, lsjsonItem, toGoJson } from '../format/lsjson.ts';
import { fractionDigits } from '../format/time.ts';
import { parseHashType } from '../hash-name.ts';
import { atDepth, isListed, jsonOn, kindFlags, now, walkOpened } from '../listing.ts';
import { mimeTypes } from '../mime-types.ts';
import { sealedPaths } from '../sealed-names.ts';
import { findTarget, openTarget, type Target } from '../source.ts';

const flags = {
  ...kindFlags,
  encrypted: toggle('Show the encrypted names'),
  hash: toggle('Include hashes in the output (may take longer)'),
  'hash-type': listFlag('Show only this hash type (may be repeated)', 'hash'),
  metadata: toggle('Add metadata to the listing', 'M'),
  'no-mimetype': toggle("Don't read the mime type (can speed things up)"),
  'no-modtime': toggle("Don't read the modification time (can speed things up)"),
  original: toggle('Accepted for rclone: no remote here has object IDs'),
  recursive: toggle('Recurse into the listing', 'R'),
  stat: toggle('Just return the info for the pointed to file'),
};

type Context = CommandContext<typeof flags>;

export const command = defineCommand({
  usage: 'remote:path',
  summary: 'List directories and objects in the path in JSON format',
  help: `Lists the files and folders in a path as a JSON array, one item per line:

    {"Path":"a/b.txt","Name":"b.txt","Size":6,"MimeType":"text/plain; charset=utf-8",
     "ModTime":"2024-02-29T12:00:00.000000000Z","IsDir":false}

--hash adds "Hashes", --metadata "Metadata"; --encrypted adds "Encrypted" and "EncryptedPath" on a crypt remote. Object
stores have to be asked for the time and type of each file: there --no-modtime with --no-mimetype is quicker. --stat shows
only the path itself.

    coffer lsjson -R --files-only allas-crypt:job_6
    coffer lsjson --stat --hash allas:bucket/file`,
  arguments: { min: 1, max: 1 },
  flags,
  async run(context) {
    const target = await (context.flags.stat ? findTarget : openTarget)(context, context.args[0] ?? '');
    const options = await itemOptions(context, target.location);
    if (context.flags.stat) await printOne(context, target, options);
    else await printAll(context, target, options);
  },
});

async function itemOptions(context: Context, at: Location): Promise<LsjsonOptions> {
  const { flags } = context;
  const { features } = at.remote;
  return {
    timeDigits: flags['no-modtime'] ? null : timeDigits(features),
    unknownTime: now(context),
    mimeType: flags['no-mimetype'] ? null : await mimeTypes(),
    encryptedPath: flags.encrypted ? sealedPaths(at) : null,
    hashes: wantedHashes(context).length > 0,
    ofBuckets: features.buckets && at.path === '',
  };
}

// A disk tells its times to the nanosecond, even where they can be set only to the microsecond.
function timeDigits({ modifiedPrecision }: Features): number {
  return modifiedPrecision !== null && modifiedPrecision <= 1000n ? 9 : fractionDigits(modifiedPrecision);
}

function wantedHashes({ flags }: Context): readonly HashType[] {
  const named = flags['hash-type'].map(parseHashType);
  return named.length > 0 ? named : flags.hash ? hashTypes : [];
}

function wanted(context: Context): Wanted {
  const { flags } = context;
  return {
    modified: !flags['no-modtime'],
    mimeType: !flags['no-mimetype'],
    hashes: wantedHashes(context),
    metadata: flags.metadata,
  };
}

async function printAll(context: Context, target: Target, options: LsjsonOptions): Promise<void> {
  const { session, io } = context;
  const details = createDetails(session, wanted(context));
  let before = '[\n';
  await walkOpened(atDepth(context, context.flags.recursive), target, async (page) => {
    const shown = page.filter((entry) => isListed(context.flags, entry));
    for await (const batch of details(shown, target.location)) {
      if (batch.length === 0) continue;
      const items = batch.map((entry) => toGoJson(lsjsonItem(entry, options)));
      const text = `${before}${items.join(',\n')}`;
      before = ',\n';
      await io.stdout.write(jsonOn(io.stdout, text));
    }
  });
  await io.stdout.write(before === '[\n' ? '[\n]\n' : '\n]\n');
}

/** `null` where the flags ask for another kind of item than the one that stands there. */
async function printOne(context: Context, target: Target, options: LsjsonOptions): Promise<void> {
  const { stdout } = context.io;
  const entry = await pointedTo(context, target);
  const item = isListed(context.flags, entry) ? lsjsonItem(entry, options) : null;
  await stdout.write(`${jsonOn(stdout, toGoJson(item, '\t'))}\n`);
}

async function pointedTo(context: Context, { location, file }: Target): Promise<Entry> {
  if (file) {
    for await (const [entry] of createDetails(context.session, wanted(context))([file], location)) return entry ?? file;
  }
  if (location.path !== '' && !(await isFolder(context.session, location))) {
    throw new Failure('folder-not-found', `${placeName(location)}: directory not found`, { path: location.path });
  }
  return { kind: 'folder', path: '', modified: null };
}
