import { hostname } from 'node:os';
import { Failure } from '../../core/failure.ts';
import type { Ameta } from '../../packing/ameta.ts';
import type { Item } from '../../packing/collect.ts';
import { formatListing } from '../../packing/file-listing.ts';
import type { Seal } from '../../packing/seal.ts';
import type { CommandContext } from '../command.ts';
import { optionalChoice, textFlag, toggle } from '../flags.ts';
import type { Io } from '../io.ts';
import type { PutSource } from './sources.ts';

const forms = ['sealed', 'plain', 'none'] as const;
type Form = (typeof forms)[number];

/** Flags about what describes an object. */
export const ametaFlags = {
  ameta: optionalChoice(
    'How to store the description beside the object, _ameta (default: encrypted like the object, plain without --encrypt)',
    forms,
  ),
  'no-ameta': toggle('The same as --ameta none'),
  'skip-filelist': toggle(
    'Do not list the files in the description: quicker if there are many, but find does not find them',
  ),
  message: textFlag('A note of one line for the description', { short: 'm' }),
};

/** Which form the description gets. Throws Failure('usage') where it cannot have that. */
export function ametaForm(
  flags: CommandContext<typeof ametaFlags>['flags'] & { readonly sdx: boolean },
  seal: Seal['kind'] | null,
): Form {
  if (flags['no-ameta']) return 'none';
  if (flags.ameta === 'sealed' && seal === null) {
    throw new Failure('usage', '--ameta sealed needs --encrypt: there is nothing to seal it with');
  }
  if (flags.ameta !== null) return flags.ameta;
  return flags.sdx ? 'none' : seal === null ? 'plain' : 'sealed';
}

interface OriginContext {
  readonly io: Io;
  readonly user: string;
  /** The type of the remote. */
  readonly protocol: string;
  readonly seal: Seal['kind'] | null;
  readonly flags: {
    readonly sdx: boolean;
    readonly message: string;
    readonly 'skip-filelist': boolean;
  };
}

const encryptions = { gpg: 'gpg (coffer)  AES256', c4gh: 'crypt4gh (coffer)' } as const;

/** Where an object comes from. */
export function originOf(context: OriginContext, source: PutSource, items: readonly Item[]): Ameta {
  const { io, user, seal, flags } = context;
  return {
    user,
    host: hostname(),
    hostName: hostname(),
    input: source.input,
    originalLocation: source.disk,
    protocol: context.protocol === 's3' ? 'S3' : context.protocol,
    compression: source.packing.isCompressed ? 'zstd' : 'none',
    encryption: seal === null ? '' : encryptions[seal],
    isForSdConnect: flags.sdx,
    note: flags.message,
    listing: flags['skip-filelist']
      ? ['File listing skipped with --skip-filelist option.']
      : formatListing(items, source.input, io.date()),
  };
}
