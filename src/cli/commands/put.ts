import { Failure } from '../../core/failure.ts';
import { forEachParallel } from '../../core/parallel.ts';
import { joinPath } from '../../core/path.ts';
import { formatByteUnit } from '../../core/size.ts';
import { type PutRequest, putObject, requireFreeObject } from '../../packing/put.ts';
import { placeName } from '../../transfer/place.ts';
import { countError } from '../../transfer/session.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { optionalText, toggle } from '../flags.ts';
import { shownPath } from '../listing.ts';
import { ametaFlags, ametaForm, originOf } from '../packing/origin.ts';
import { defaultBucket, fullSpec, ownerFlags, sectionOf, storeFlags, userName } from '../packing/place.ts';
import { openSeal, sealFlags, sealKind } from '../packing/seal-flags.ts';
import { type PutSource, putSources } from '../packing/sources.ts';
import { readText } from '../read-text.ts';

const flags = {
  bucket: optionalText('Where it goes: bucket, bucket/prefix or remote:bucket/prefix', { short: 'b' }),
  object: optionalText('Name of the object, without a slash; suffixes are added', { short: 'o' }),
  compress: toggle('Compress with zstd', 'c'),
  nc: toggle('Do not compress (the default)', 'n'),
  asis: toggle('Make every file an object of its own, named by its path', 'a'),
  'follow-links': toggle('Store what links lead to, instead of the links'),
  override: toggle('Replace existing objects'),
  'input-list': optionalText('File with the names of files and folders to put, one per line', { placeholder: 'file' }),
  silent: toggle('Print nothing about what went well', 's'),
  ...sealFlags,
  ...ametaFlags,
  ...storeFlags,
  ...ownerFlags,
};

type Context = CommandContext<typeof flags>;

export const command = defineCommand({
  usage: 'file_or_folder...',
  summary: 'Pack, encrypt and store files and folders as single objects, as a-put does',
  help: `Stores each file or folder as one object. A folder is packed (.tar); --compress adds zstd (.zst), --encrypt adds gpg
(.gpg) or Crypt4GH (.c4gh). Without --encrypt or --sdx the object is not encrypted, and the store can read it. Nothing is
written to temporary files. \`coffer get\` brings it back, and so do a-get, or tar, zstd, gpg and crypt4gh by hand.

A place without a remote is in allas:, which \`coffer login\` makes. Without --bucket, the bucket is USER-PROJECT-misc.
An existing object is replaced only with --override. If a file changes while it is read, that is an error, and the object is
not stored.

--encrypt gpg asks twice for a password; scripts give it in COFFER_GPG_PASSWORD or by --gpg-password-command.
--encrypt c4gh encrypts to public keys: anyone who has one of the secret keys can open it. If the password or all the keys
are lost, so is the data.

Beside each object lies its description, OBJECT_ameta, which says who stored it, from where, and which files are in it. With
--encrypt it is encrypted like the object (a-put leaves it unencrypted), so that names do not leak; \`coffer objects\` and
\`coffer find\` read it with the key. The name of the object itself is not hidden: --object gives it another.

    coffer put data_dir --encrypt gpg -b my_bucket
    coffer put --encrypt c4gh --pk project.pub --pk partner.pub data_dir -b my_bucket/2026
    coffer put -c results.csv figures -m "as published" -b s3allas:my_bucket
    coffer put --sdx --pk project.pub run_12_R1.fastq -b animine_data_import_1`,
  arguments: { min: 0, max: Number.POSITIVE_INFINITY },
  flags,
  async run(context) {
    const inputs = await inputsOf(context);
    const kind = sealKind(context);
    const form = ametaForm(context.flags, kind);
    const place = await fullSpec(
      context,
      trimSlashes(context.flags.bucket || (await defaultBucket(context, context.flags.sdx))),
    );
    const sources = await putSources(inputs, { ...wishesOf(context), seal: kind }, context.log);
    const root = await context.location(place);
    const { override, 'follow-links': followLinks } = context.flags;
    const protocol = (await sectionOf(context, place)).get('type') ?? 'local';
    const requests = sources.map((source) => {
      const to = { remote: root.remote, path: joinPath(root.path, source.object) };
      return { source, base: { disk: source.disk, to, packing: source.packing, override, followLinks } };
    });
    // Before anybody types a password.
    for (const { base } of requests) await requireFreeObject(context.session, base);
    const seal = await openSeal(context);
    const user = userName(context);
    const ametaOf = (source: PutSource): PutRequest['ameta'] =>
      form === 'none'
        ? null
        : {
            seal: form === 'sealed' ? seal : null,
            of: (items) =>
              originOf({ io: context.io, user, protocol, seal: kind, flags: context.flags }, source, items),
          };
    const { transfers } = context.session.options;
    await forEachParallel(
      requests,
      context.flags.asis ? transfers : 1,
      context.session.signal,
      async ({ source, base }) => {
        await putOne(context, source, { ...base, seal, ameta: ametaOf(source) });
      },
    );
  },
});

/** An error of one source does not keep the others. */
async function putOne(context: Context, source: PutSource, request: PutRequest): Promise<void> {
  const { session, flags, io } = context;
  try {
    const written = await putObject(session, request);
    if (written === null || flags.silent) return;
    const shown = `${source.input} → ${placeName(request.to)}`;
    await io.stdout.write(`${shownPath(context, shown)} (${formatByteUnit(written.size)})\n`);
  } catch (error) {
    countError(session, source.input, 'cannot put it', error);
  }
}

async function inputsOf({ args, flags }: Context): Promise<readonly string[]> {
  const list = flags['input-list'];
  const listed = list === undefined ? [] : (await readText(list)).split(/\r?\n/).filter((line) => line.trim() !== '');
  const inputs = [...args, ...listed];
  if (inputs.length === 0) {
    const taken = flags.pk.at(-1);
    const hint = taken === undefined ? '' : `: --pk took ${taken} for a public key`;
    throw new Failure('usage', `name a file or folder to put${hint}`);
  }
  if (inputs.length > 1 && flags.object !== undefined) {
    throw new Failure('usage', `--object names one object, and there are ${inputs.length} things to put`);
  }
  return inputs;
}

function wishesOf({ flags }: Context) {
  const { object, compress, nc, asis, sdx } = flags;
  if (object !== undefined && (object === '' || object.includes('/'))) {
    throw new Failure('usage', '--object is a name without a slash: put the folder into --bucket, as in bucket/folder');
  }
  if (asis && object !== undefined)
    throw new Failure('usage', '--asis names objects by their files: do without --object');
  return { object, asIs: asis, followLinks: flags['follow-links'], isCompressed: compress && !nc && !asis && !sdx };
}

function trimSlashes(place: string): string {
  return place.replace(/(?<=[^/:])\/+$/, '');
}
