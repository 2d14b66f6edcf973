import { Failure } from '../../core/failure.ts';
import { flag, type OptionSpec, type Options, secret, text } from '../../core/options.ts';
import type { NameOptions } from '../../formats/rclone-crypt/names/names.ts';

const advanced = { advanced: true };

/** rclone's options of a crypt remote, by its names and with its defaults; from `password_command` on they are ours. */
export const options = {
  remote: text('What to encrypt: another remote with a bucket or a folder, "myremote:bucket", or a local folder.', {
    required: true,
  }),
  filename_encryption: choice(
    'How names are encrypted.',
    {
      standard: 'Encrypted: the store learns their length, rounded up',
      obfuscate: 'Only scrambled: no secret to whoever looks closely',
      off: 'In the clear; each file gets the suffix at its end',
    },
    'standard',
  ),
  directory_name_encryption: flag(
    'Encrypt the names of folders too. Without effect where filename_encryption is off.',
    {
      default: 'true',
      examples: [
        { value: 'true', help: 'Folders are encrypted like files' },
        { value: 'false', help: 'Folders keep their names' },
      ],
    },
  ),
  password: secret('Password that everything is encrypted with.', {
    required: true,
    alternatives: ['password_command', 'password_file'],
  }),
  password2: secret('Second password, which salts the first. Not needed, but a good idea; not the same as the first.'),
  server_side_across_configs: flag(
    'Let the store copy and move between crypt remotes of different configuration. Only for two that share their passwords.',
    advanced,
  ),
  show_mapping: flag('Report the encrypted name of everything that is listed.', advanced),
  no_data_encryption: flag('Leave the content of files in the clear and encrypt names only.', {
    ...advanced,
    examples: [
      { value: 'true', help: 'Content is stored as it is' },
      { value: 'false', help: 'Content is encrypted' },
    ],
  }),
  pass_bad_blocks: flag(
    'Read a damaged block as zeros and go on. Only to save what is left of a damaged file.',
    advanced,
  ),
  strict_names: flag('Fail at a name that does not decrypt, instead of skipping it with a notice.', advanced),
  filename_encoding: choice(
    'How an encrypted name is spelled. Shorter spellings leave room for longer names.',
    {
      base32: 'For every store',
      base64: 'Shorter, for a store that tells upper from lower case',
      base32768: 'Shortest, for a store that counts characters and not bytes',
    },
    'base32',
    advanced,
  ),
  suffix: text('What files get at their end where filename_encryption is off. "none" for nothing.', {
    ...advanced,
    default: '.bin',
  }),
  password_command: text(
    'Command that prints the password, in place of "password": the config then holds no secret.',
    advanced,
  ),
  password_file: text(
    'File that holds the password in the clear and nothing else, in place of "password"; "~/" is your home.',
    advanced,
  ),
  password2_command: text('Command that prints the second password, in place of "password2".', advanced),
  password2_file: text('File that holds the second password in the clear, in place of "password2".', advanced),
  previous_password: secret(
    'What "password" was before. Files that are encrypted with it stay readable; new ones get the new password. "coffer rekey" sets it.',
    advanced,
  ),
  previous_password2: secret('What "password2" was before.', advanced),
} as const;

export type CryptOptions = Options<typeof options>;

export function nameOptions(own: CryptOptions): NameOptions {
  return {
    mode: own.filename_encryption,
    encoding: own.filename_encoding,
    encryptsFolders: own.directory_name_encryption,
    suffix: parseSuffix(own.suffix),
  };
}

// rclone adds a missing dot, with a complaint.
function parseSuffix(value: string): string {
  if (value.toLowerCase() === 'none') return '';
  return value.startsWith('.') ? value : `.${value}`;
}

/** One of several words, in any case. */
function choice<const W extends string>(
  help: string,
  words: Readonly<Record<W, string>>,
  fallback: NoInfer<W>,
  details: { readonly advanced?: boolean } = {},
): OptionSpec<W> {
  const known = Object.keys(words) as W[];
  return {
    ...text(help, details),
    default: fallback,
    examples: known.map((value) => ({ value, help: words[value] })),
    parse(value) {
      const word = known.find((candidate) => candidate === value.toLowerCase());
      if (word === undefined) throw new Failure('usage', `"${value}" is not one of ${known.join(', ')}`);
      return word;
    },
  };
}
