import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Failure } from '../../../core/failure.ts';
import { expandHome } from '../../../core/user.ts';
import { newKeyPair } from '../../../crypto/x25519.ts';
import { formatPublicKey, formatSecretKey } from '../../../formats/crypt4gh/key-file.ts';
import { type Command, type CommandContext, defineCommand } from '../../command.ts';
import { openDialog } from '../../config/dialog.ts';
import { newPassphrase, relock } from '../../crypt4gh/passphrase.ts';
import { exitCodeOf, log } from '../../crypt4gh/reference.ts';
import { optionalText, toggle } from '../../flags.ts';
import { ownKeyPath } from '../../keys.ts';
import { placeFiles } from '../../place-file.ts';

const flags = {
  sk: optionalText('Where the secret key goes (default $C4GH_SECRET_KEY, else ~/.c4gh/key)', { placeholder: 'path' }),
  pk: optionalText('Where the public key goes (default $C4GH_PUBLIC_KEY, else ~/.c4gh/key.pub)', {
    placeholder: 'path',
  }),
  comment: optionalText('A comment to keep with the secret key', { short: 'C' }),
  nocrypt: toggle('Leave the secret key unprotected: whoever can read its file can use it'),
  force: toggle('Replace keys that exist', 'f'),
  relock: toggle('Give the secret key another passphrase, instead of making a new one'),
  log,
};

type Context = CommandContext<typeof flags>;

export const command: Command = defineCommand({
  usage: '',
  summary: 'Make a key pair, as crypt4gh-keygen does',
  help: `Makes a key pair, with the options and questions of \`crypt4gh-keygen\`: it asks twice for the passphrase (an empty one
leaves the key unprotected), and asks before it replaces a key or makes a folder.

Without a terminal, the answers are read from standard input, one per line. C4GH_PASSPHRASE is not used for a new
passphrase; \`coffer key new\`, which explains more, does use it.

    coffer crypt4gh keygen
    coffer crypt4gh keygen -f --nocrypt --sk robot.key --pk robot.pub -C "the sequencer"
    coffer crypt4gh keygen --relock --sk my.key`,
  arguments: { min: 0, max: 0 },
  flags,
  exitCodeOf,
  async run(context) {
    const { flags, io, session } = context;
    const shown = ownKeyPath(flags.sk, io.environment);
    const secretPath = resolve(shown);
    if (flags.relock) return relock(context, secretPath);
    const publicPath = resolve(
      expandHome(flags.pk || io.environment.C4GH_PUBLIC_KEY || '~/.c4gh/key.pub', io.environment),
    );
    if (secretPath === publicPath) throw new Failure('usage', `${secretPath} cannot hold both keys: change --pk`);
    const about = flags.comment ? ` (for ${flags.comment})` : '';
    await io.stdout.write(`Generating public/private Crypt4GH key pair${about}.\n`);
    const passphrase = flags.nocrypt ? null : await newPassphrase({ io, session }, 'Enter passphrase', shown);
    for (const path of [publicPath, secretPath]) {
      if (await mayWrite(context, path)) continue;
      await io.stdout.write('Ok. Fair enough. Exiting.\n');
      return;
    }
    if (passphrase === null) await io.stderr.write('WARNING: The private key is not encrypted\n');
    const pair = newKeyPair();
    // If it ends between the two, the public key can be had from the secret one, not the other way round.
    const data = await formatSecretKey(pair, passphrase, flags.comment ?? '');
    const secret = { path: secretPath, data, mode: 0o400 };
    placeFiles([secret, { path: publicPath, data: formatPublicKey(pair.public), mode: 0o666 }], true);
    await io.stdout.write(`Your private key has been saved in ${secretPath}\n`);
    await io.stdout.write(`Your public key has been saved in ${publicPath}\n`);
  },
});

/** Asks on standard input, as the reference does, before a key is replaced or a folder made. */
async function mayWrite({ flags, io, session }: Context, path: string): Promise<boolean> {
  const question = questionBefore(path, flags.force);
  return question === null || (await openDialog(io, session.signal).line(question)) === 'y';
}

function questionBefore(path: string, force: boolean): string | null {
  if (existsSync(path)) return force ? null : `${path} already exists. Do you want to overwrite it? (y/n) `;
  return existsSync(dirname(path)) ? null : `Create directory ${dirname(path)}? (y/n) `;
}
