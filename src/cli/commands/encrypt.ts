import { Failure } from '../../core/failure.ts';
import { formatByteUnit } from '../../core/size.ts';
import type { KeyPair } from '../../crypto/x25519.ts';
import { fingerprint } from '../../formats/crypt4gh/fingerprint.ts';
import type { ManifestEntry } from '../../formats/crypt4gh/manifest.ts';
import { newSealedFile, sealedSource } from '../../formats/crypt4gh/stream.ts';
import { type NamedKey, readKeys } from '../../remotes/crypt4gh/keys.ts';
import { type DigestingSource, digestingSource } from '../../transfer/digesting-source.ts';
import type { Expectation } from '../../transfer/verified-source.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { type Conversion, convertAll } from '../crypt4gh/convert.ts';
import { openItems } from '../crypt4gh/items.ts';
import { openManifestTarget, requireAllFiles, writeManifest } from '../crypt4gh/manifest-file.ts';
import { sealedNames, suffix } from '../crypt4gh/names.ts';
import { output } from '../crypt4gh/place.ts';
import { listFlag, optionalText, textFlag, toggle } from '../flags.ts';
import { fileCount } from '../format/file-count.ts';
import { openKey, ownKeyPath } from '../keys.ts';
import { visible } from '../log.ts';

const flags = {
  to: listFlag('Public key of somebody who may open it, a file or the key itself (repeat for more)', 'key'),
  output,
  manifest: textFlag('Write a list of the files, with their hashes, to this file, sealed to the same keys', {
    placeholder: 'file',
  }),
  key: optionalText('Your secret key file, to be named as the writer (default: a key made for this once)', {
    placeholder: 'file',
  }),
  sk: optionalText('The same as --key', { placeholder: 'file' }),
  force: toggle('Replace existing files', 'f'),
};

type Context = CommandContext<typeof flags>;

export const command = defineCommand({
  usage: 'file... --to key',
  summary: 'Encrypt files and folders for named people (Crypt4GH)',
  help: `Encrypts files, and folders with everything in them, so that the holders of the given keys can open them, each with their
own secret key, and nobody else - not even you, unless your key is among them. The results are Crypt4GH files whose names
end in ${suffix}: \`coffer decrypt\`, \`crypt4gh\` and other tools of that standard open them.

They go beside each file, or where -o says: into a folder, a remote, or for a single file to a new name. If you give one
folder, its contents go there, as with \`coffer copy\`; several files and folders keep their names. Sources may be on remotes
too. The originals stay. Each file arrives whole or not at all. Existing files are replaced only with --force; with
--ignore-existing they are skipped, so you can carry on after a run that was stopped. Without -o, files in a folder whose
names end in ${suffix} are skipped; with -o they are encrypted like all others.

Crypt4GH does not notice if a file was cut, if its parts or whole files were swapped, or if a file is missing. --manifest
writes one more file, sealed to the same keys, with the names, sizes and SHA-256 of all files; \`coffer decrypt --manifest\`
compares them. Keep the manifest in another place than the files, or use --key, so that the other side can check that it
is yours (\`coffer decrypt --from\`).

    coffer encrypt reads.bam --to csc.pub --to ours.pub
    coffer encrypt job_6 --to csc.pub -o allas:2001659-job_6 --manifest job_6.manifest.c4gh -P
    coffer encrypt allas:raw/2026 --to ours.pub -o /data/sealed`,
  arguments: { min: 1, max: 100_000 },
  flags,
  async run(context) {
    const { args, flags, session, io } = context;
    if (flags.to.length === 0) throw new Failure('usage', 'say who may open it: --to their-key.pub');
    const people = await readKeys(flags.to, io.environment);
    if (flags.manifest !== '') requireAllFiles(session);
    const manifest = flags.manifest === '' ? null : await openManifestTarget(context, flags.manifest, flags.force);
    const to = { output: flags.output ?? '', naming: sealedNames, except: manifest?.at ?? null };
    const items = await openItems(context, { specs: args, ...to });
    const own = flags.key ?? flags.sk;
    const writer = own === undefined ? undefined : await openKey(ownKeyPath(own, io.environment), context);
    const keys = { recipients: people.map(({ key }) => key), writer };
    const files: ManifestEntry[] = [];
    let passedOver = 0;

    await convertAll(context, {
      verb: 'encrypt',
      force: flags.force,
      visitItems: items.visit,
      onPassedOver: (file) => {
        passedOver++;
        session.report.info(file.path, 'Is encrypted already');
      },
      convert: ({ name }) => sealing(keys, manifest && ((digest) => files.push({ name, ...digest }))),
    });
    if (passedOver > 0) session.report.notice('', `${fileCount(passedOver)} with ${suffix} skipped`);
    tell(context, people);
    if (!manifest || session.options.dryRun) return;
    if (session.progress.errors === 0) {
      await writeManifest(context, manifest, { created: io.date().toISOString(), files }, keys);
    } else session.report.error(flags.manifest, 'not written, as not all files could be encrypted');
  },
});

interface Keys {
  readonly recipients: readonly Uint8Array[];
  readonly writer: KeyPair | undefined;
}

/** Seals a file; `onDigest`, where set, is told what it was. */
function sealing({ recipients, writer }: Keys, onDigest: ((digest: Expectation) => void) | null): Conversion {
  let plain: DigestingSource | null = null;
  return {
    async convert(bytes) {
      const file = newSealedFile(recipients, writer);
      plain = onDigest && digestingSource(bytes);
      const close = async () => void file.cipher.dataKey.fill(0);
      return { ...sealedSource(file, plain ?? bytes), [Symbol.asyncDispose]: close };
    },
    async done() {
      if (plain) onDigest?.(await plain.digest());
    },
  };
}

/** Says whom it can be opened by, to be compared. */
function tell({ session, log }: Context, recipients: readonly NamedKey[]): void {
  const { transfers, bytes } = session.progress;
  if (transfers === 0) return;
  const keys = recipients.map(({ key, name }) => `${fingerprint(key)} (${visible(name)})`).join(', ');
  log.notice('', `Encrypted ${fileCount(transfers)} (${formatByteUnit(bytes)}) for ${keys}`);
}
