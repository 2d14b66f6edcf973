import { Failure } from '../../core/failure.ts';
import { formatByteUnit } from '../../core/size.ts';
import type { KeyPair } from '../../crypto/x25519.ts';
import type { Manifest } from '../../formats/crypt4gh/manifest.ts';
import { openSource } from '../../formats/crypt4gh/opened-source.ts';
import { readPublicKey } from '../../remotes/crypt4gh/key-files.ts';
import { type Expectation, verifiedSource } from '../../transfer/verified-source.ts';
import { defineCommand } from '../command.ts';
import { type Conversion, convertAll } from '../crypt4gh/convert.ts';
import { openItems } from '../crypt4gh/items.ts';
import { createManifestCheck } from '../crypt4gh/manifest-check.ts';
import { readManifest, requireAllFiles } from '../crypt4gh/manifest-file.ts';
import { openedNames, suffix } from '../crypt4gh/names.ts';
import { output } from '../crypt4gh/place.ts';
import { textFlag, toggle } from '../flags.ts';
import { fileCount } from '../format/file-count.ts';
import { keyFlags, openOwnKey } from '../keys.ts';
import { visible } from '../log.ts';

const flags = {
  ...keyFlags,
  output,
  manifest: textFlag('Compare the files with this manifest, which the sender made', { placeholder: 'file' }),
  from: textFlag('Open only what the holder of this public key wrote, or another recipient', { placeholder: 'key' }),
  force: toggle('Replace existing files', 'f'),
};

export const command = defineCommand({
  usage: 'file...',
  summary: 'Decrypt files and folders that were encrypted for you (Crypt4GH)',
  help: `Decrypts files, and all files in folders whose names end in ${suffix}, with your secret key. The results go beside each file,
or where -o says: into a folder, a remote, or for a single file to a new name. If you give one folder, its contents go
there, as with \`coffer copy\`; several files and folders keep their names. Sources may be on remotes. The encrypted files
stay.

Each file arrives whole or not at all: if a single byte was changed, nothing is written, and the error names the chunk.
Existing files are replaced only with --force; with --ignore-existing they are skipped.

Crypt4GH does not notice if a file was cut, if its parts or whole files were swapped, or if a file is missing. A manifest,
made by \`coffer encrypt --manifest\`, finds all of that. Anybody who knows your public key can make files and a manifest
for you: with --from, only what the sender wrote with their own key (--key) is opened.

    coffer decrypt reads.bam${suffix}
    coffer decrypt allas:2001659-job_6 -o job_6 --manifest job_6.manifest${suffix} --from producer.pub -P
    coffer decrypt --key ~/.ssh/id_ed25519 a${suffix} b${suffix} -o /data/`,
  arguments: { min: 1, max: 100_000 },
  flags,
  async run(context) {
    const { args, flags, session, io, log } = context;
    const manifestAt = flags.manifest === '' ? null : await context.location(flags.manifest);
    if (manifestAt) requireAllFiles(session);
    const output = flags.output ?? '';
    const items = await openItems(context, { specs: args, output, naming: openedNames, except: manifestAt });
    const sender = flags.from === '' ? undefined : (await readPublicKey(flags.from, io.environment)).bytes;
    const reader = await openOwnKey(context);
    const manifest = manifestAt && (await readManifest(context, manifestAt, reader, sender));
    const check = manifest && createManifestCheck(manifest, flags.manifest);
    let passedOver = 0;
    let plainBytes = 0;

    await convertAll(context, {
      verb: 'decrypt',
      force: flags.force,
      visitItems: items.visit,
      onPassedOver: (file) => {
        passedOver++;
        session.report.info(file.path, `Does not end in ${suffix}`);
      },
      convert: ({ name, file: { path } }) =>
        opening(path, { reader, sender }, check?.expect(name), (size) => {
          plainBytes += size;
        }),
    });
    const leftOut = await check?.countMissing(session, (name) => items.isLeftOut(name + suffix));
    const { transfers, errors } = session.progress;
    if (passedOver > 0) session.report.notice('', `${fileCount(passedOver)} without ${suffix} skipped`);
    if (transfers > 0) log.notice('', `Decrypted ${fileCount(transfers)} (${formatByteUnit(plainBytes)})`);
    if (manifest && errors === 0) log.notice('', matchText(manifest, leftOut ?? 0));
  },
});

function matchText({ created, files }: Manifest, leftOut: number): string {
  if (leftOut === 0) return `All files match the manifest of ${visible(created)}`;
  const compared = `${files.length - leftOut} of ${fileCount(files.length)}`;
  return `${compared} compared with the manifest of ${visible(created)}: filters left out the others`;
}

interface Keys {
  readonly reader: KeyPair;
  readonly sender: Uint8Array | undefined;
}

/** Opens a file, and where something is expected of it, gives nothing else. `onDone` is told how many bytes came out. */
function opening(
  path: string,
  { reader, sender }: Keys,
  expected: Expectation | undefined,
  onDone: (size: number) => void,
): Conversion {
  let size = 0;
  const unexpected = (why: string) => new Failure('corrupt', `${path}: not what the manifest says: ${why}`, { path });
  return {
    async convert(bytes) {
      const opened = await openSource(bytes, reader, { path, ...(sender && { sender }) });
      size = opened.size ?? 0;
      if (!expected) return opened;
      const close = () => opened[Symbol.asyncDispose]();
      try {
        return { ...verifiedSource(opened, expected, unexpected), [Symbol.asyncDispose]: close };
      } catch (error) {
        await close();
        throw error;
      }
    },
    done: async () => onDone(size),
  };
}
