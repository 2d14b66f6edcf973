import { lstatSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Environment } from '../../../config/environment.ts';
import { Failure } from '../../../core/failure.ts';
import { expandHome } from '../../../core/user.ts';
import { newKeyPair } from '../../../crypto/x25519.ts';
import { fingerprint } from '../../../formats/crypt4gh/fingerprint.ts';
import { formatPublicKey, formatSecretKey } from '../../../formats/crypt4gh/key-file.ts';
import { mayChange } from '../../../transfer/session.ts';
import { type CommandContext, defineCommand } from '../../command.ts';
import { optionalText, textFlag, toggle } from '../../flags.ts';
import { ownKeyPath } from '../../keys.ts';
import { existing, placeFiles } from '../../place-file.ts';

const flags = {
  key: optionalText('Where the secret key goes (default ~/.c4gh/key)', { placeholder: 'file' }),
  pub: optionalText('Where the public key goes (default: beside the secret one, with .pub)', { placeholder: 'file' }),
  comment: textFlag('A comment to keep with the secret key', { short: 'C' }),
  'no-passphrase': toggle('Leave the secret key unprotected: whoever can read its file can use it'),
  force: toggle('Replace existing keys', 'f'),
};

export const command = defineCommand({
  usage: '',
  summary: 'Make a key pair',
  help: `Makes your key pair. The secret key stays with you, in a file that only you can read, protected by a passphrase that you are
asked for twice. The public key is for everybody: send it to those who share data with you, and tell them its fingerprint
by phone or another channel, so that they know it is yours.

Nobody can restore the passphrase or the secret key. Without them, what is encrypted to you is lost: keep a copy in a safe
place.

Scripts can give the passphrase in the environment variable C4GH_PASSPHRASE. C4GH_SECRET_KEY and C4GH_PUBLIC_KEY select
other places than ~/.c4gh/key and ~/.c4gh/key.pub.

    coffer key new
    coffer key new --key site-a.key -C "site A, 2026"`,
  arguments: { min: 0, max: 0 },
  flags,
  async run(context) {
    const { secretPath, publicPath } = pathsOf(context.flags, context.io.environment);
    if (!context.flags.force) for (const path of [secretPath, publicPath]) refuseExisting(path);
    if (!(await mayChange(context.session, 'make keys', secretPath))) return;
    const passphrase = context.flags['no-passphrase'] ? null : await newPassphrase(context);
    const pair = newKeyPair();
    const { force, comment } = context.flags;
    // If it ends between the two, the public key can be had from the secret one, not the other way round.
    const secret = { path: secretPath, data: await formatSecretKey(pair, passphrase, comment), mode: 0o400 };
    placeFiles([secret, { path: publicPath, data: formatPublicKey(pair.public), mode: 0o644 }], force);
    await context.io.stdout.write(`Secret key:  ${secretPath}
Public key:  ${publicPath}
Fingerprint: ${fingerprint(pair.public)}

Send the public key to those who share data with you, and tell them the
fingerprint by phone or another channel.
Keep a copy of the secret key${passphrase === null ? '' : ' and the passphrase'} in a safe place.
`);
  },
});

interface Paths {
  readonly key: string | undefined;
  readonly pub: string | undefined;
}

function pathsOf({ key, pub }: Paths, environment: Environment) {
  const secretPath = resolve(ownKeyPath(key, environment));
  const usual = key || !environment.C4GH_PUBLIC_KEY ? `${secretPath}.pub` : environment.C4GH_PUBLIC_KEY;
  const publicPath = resolve(expandHome(pub || usual, environment));
  if (secretPath === publicPath) throw new Failure('usage', `${secretPath} cannot hold both keys: change --pub`);
  return { secretPath, publicPath };
}

function refuseExisting(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })) throw existing(path);
}

async function newPassphrase({ flags, io }: Pick<CommandContext, 'flags' | 'io'>): Promise<string> {
  const given = io.environment.C4GH_PASSPHRASE;
  if (given) return given;
  if (given === '') throw new Failure('usage', 'C4GH_PASSPHRASE is empty: --no-passphrase makes a key without one');
  const alternative = 'C4GH_PASSPHRASE, or --no-passphrase';
  if (!flags['ask-password']) throw new Failure('usage', `a new key needs a passphrase: set ${alternative}`);
  const { promptNewSecret } = await import('../../prompt.ts');
  return promptNewSecret('Passphrase for your new key:', io, alternative);
}
