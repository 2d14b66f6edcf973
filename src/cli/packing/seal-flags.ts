import { Failure } from '../../core/failure.ts';
import type { Seal } from '../../packing/seal.ts';
import { readPublicKeyFile } from '../../remotes/crypt4gh/key-files.ts';
import type { CommandContext } from '../command.ts';
import { type FlagSpec, listFlag, toggle } from '../flags.ts';
import { newPassword, passwordFlags } from './passwords.ts';

const methods = new Map<string, Seal['kind']>([
  ['gpg', 'gpg'],
  ['c4gh', 'c4gh'],
  ['crypt4gh', 'c4gh'],
]);

/** Flags that say how objects are sealed. */
export const sealFlags = {
  encrypt: methodFlag(),
  pk: listFlag('Public key of somebody who may open it, Crypt4GH or OpenSSH ed25519 (repeat for more)', 'file'),
  'public-key': listFlag('The same as --pk', 'file'),
  sdx: toggle(
    "Encrypt to CSC's public key too, for its sensitive data services; implies --encrypt c4gh and --no-ameta",
  ),
  ...passwordFlags,
};

type SealContext = Pick<CommandContext<typeof sealFlags>, 'flags' | 'io'>;

// https://docs.csc.fi: the key of CSC's sensitive data services, as a-put has it.
const cscKey = Buffer.from('dmku3fKA/wrOpWntUTkkoQvknjZDisdmSwU4oFk/on0=', 'base64');

/** How objects are to be sealed; null for not at all. */
export function sealKind({ flags }: SealContext): Seal['kind'] | null {
  const keys = [...flags.pk, ...flags['public-key']];
  if (flags.sdx && flags.encrypt === 'gpg') throw new Failure('usage', '--sdx is for Crypt4GH: use --encrypt c4gh');
  const kind = flags.sdx ? 'c4gh' : flags.encrypt;
  if (kind === 'c4gh' && keys.length === 0 && !flags.sdx) {
    throw new Failure('usage', 'who may open it? Give a public key with --pk');
  }
  if (kind !== 'c4gh' && keys.length > 0) throw new Failure('usage', '--pk is for Crypt4GH: add --encrypt c4gh');
  return kind;
}

/** Reads the keys, or asks for the password. */
export async function openSeal(context: SealContext): Promise<Seal | null> {
  const { flags, io } = context;
  const kind = sealKind(context);
  if (kind === null) return null;
  if (kind === 'gpg') return { kind, password: await newPassword(context) };
  const files = [...flags.pk, ...flags['public-key']];
  const keys = await Promise.all(files.map((file) => readPublicKeyFile(file, io.environment)));
  return { kind, recipients: [...keys.map(({ bytes }) => bytes), ...(flags.sdx ? [cscKey] : [])] };
}

function methodFlag(): FlagSpec<Seal['kind'] | null> {
  return {
    kind: 'value',
    short: 'e',
    placeholder: 'gpg|c4gh',
    help: 'Encrypt: gpg with a password, c4gh to public keys',
    initial: null,
    add(_, text) {
      const method = methods.get(text);
      if (!method) throw new Failure('usage', `"${text}" is not an encryption method: use gpg or c4gh`);
      return method;
    },
  };
}
