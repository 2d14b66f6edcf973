import { flag, type Options, text } from '../../core/options.ts';

const advanced = { advanced: true };

/** The options of a Crypt4GH remote, a type of ours. */
export const options = {
  remote: text(
    'Where the sealed files lie: another remote with a bucket or a folder, "myremote:bucket", or a local folder.',
    {
      required: true,
    },
  ),
  recipients: text(
    'Who can open what is written: public keys with commas between them. Each is a file (Crypt4GH, or OpenSSH ed25519), the line "ssh-ed25519 ..." itself, or the base64 of a Crypt4GH key. Without any the remote is read-only.',
  ),
  secret_key: text(
    'File with your secret key (Crypt4GH, or OpenSSH ed25519); "~/" is your home. Without it the remote is write-only: a drop box.',
  ),
  passphrase_command: text(
    'Command that prints the passphrase of the secret key. Without it, the passphrase comes from C4GH_PASSPHRASE, or you are asked.',
    advanced,
  ),
  suffix: text('What files get at their end. "none" for nothing.', { ...advanced, default: '.c4gh' }),
  strict_names: flag('Fail at a file without the suffix, instead of leaving it out with a notice.', advanced),
} as const;

export type Crypt4ghOptions = Options<typeof options>;

/** The suffix with its dot; '' for none. */
export function parseSuffix(value: string): string {
  if (value.toLowerCase() === 'none') return '';
  return value === '' || value.startsWith('.') ? value : `.${value}`;
}
