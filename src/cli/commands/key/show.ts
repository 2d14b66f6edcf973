import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { expandHome } from '../../../core/user.ts';
import { fingerprint } from '../../../formats/crypt4gh/fingerprint.ts';
import { formatPublicKey, isSecretKeyFile, parseStoredKey } from '../../../formats/crypt4gh/key-file.ts';
import { named, readKeyFile, readPublicKeyFile } from '../../../remotes/crypt4gh/key-files.ts';
import { type Command, type CommandContext, defineCommand } from '../../command.ts';
import { toggle } from '../../flags.ts';
import { openKey, ownKeyPath } from '../../keys.ts';
import { visible } from '../../log.ts';

const flags = {
  public: toggle('Print the public key only, as a Crypt4GH key file'),
};

type Context = CommandContext<typeof flags>;

export const command: Command = defineCommand({
  usage: '[file]...',
  summary: 'Show the fingerprint of keys',
  help: `Shows which key a file holds: its fingerprint, to compare with what the other side tells you, its comment, and whether a
passphrase protects it. Takes secret and public keys of Crypt4GH and OpenSSH (ed25519); without a file, shows your own key.

The public key cannot be read from a secret key of Crypt4GH without its passphrase: it is taken from the .pub file beside
it, and if there is none you are asked for the passphrase. --public prints the public key, as a file to send.

    coffer key show
    coffer key show colleague.pub
    coffer key show --public ~/.ssh/id_ed25519 > my.pub`,
  arguments: { min: 0, max: 1000 },
  flags,
  async run(context) {
    const { args, io } = context;
    const own = ownKeyPath(undefined, io.environment);
    if (args.length === 0) readKeyFile(own, ': name another, or make one with `coffer key new`');
    const files = args.length > 0 ? args : [own];
    for (const [index, file] of files.entries()) {
      const separator = index === 0 || context.flags.public ? '' : '\n';
      await io.stdout.write(separator + (await show(expandHome(file, io.environment), context)));
    }
  },
});

async function show(path: string, context: Context): Promise<string> {
  const key = isSecretKeyFile(readKeyFile(path)) ? await secretKey(path, context) : await publicKey(path, context);
  if (context.flags.public) return formatPublicKey(key.bytes);
  const rows = [
    `Kind:        ${key.kind}`,
    `Fingerprint: ${fingerprint(key.bytes)}`,
    `Public key:  ${Buffer.from(key.bytes).toString('base64')}${key.source}`,
    ...(key.comment === '' ? [] : [`Comment:     ${key.comment}`]),
    ...(key.passphrase === '' ? [] : [`Passphrase:  ${key.passphrase}`]),
  ];
  return `${path}\n${rows.map((row) => `  ${visible(row)}\n`).join('')}`;
}

interface ShownKey {
  readonly kind: string;
  readonly bytes: Uint8Array;
  /** Where the public key comes from, if not from the file itself. */
  readonly source: string;
  readonly comment: string;
  readonly passphrase: string;
}

async function publicKey(path: string, { io }: Context): Promise<ShownKey> {
  const { bytes, label } = await readPublicKeyFile(path, io.environment);
  return { kind: 'public key', bytes, source: '', comment: label, passphrase: '' };
}

async function secretKey(path: string, context: Context): Promise<ShownKey> {
  const stored = await named(path, async () => parseStoredKey(readKeyFile(path)));
  const beside = `${path}.pub`;
  const isBeside = !stored.publicKey && stored.kdf !== 'none' && isFilled(beside);
  const bytes = isBeside
    ? (await readPublicKeyFile(beside, context.io.environment)).bytes
    : (stored.publicKey ?? (await openKey(path, context)).public);
  return {
    kind: `secret key (${stored.format})`,
    bytes,
    source: isBeside ? ` (as ${basename(beside)} says)` : '',
    comment: stored.comment,
    passphrase: stored.kdf === 'none' ? 'no' : `yes (${stored.kdf})`,
  };
}

/** An empty one is what the shell has just made for `key show --public > key.pub`. */
function isFilled(path: string): boolean {
  return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0;
}
