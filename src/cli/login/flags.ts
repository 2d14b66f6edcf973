import { Failure } from '../../core/failure.ts';
import type { Mode } from '../../login/target.ts';
import { type FlagSpec, optionalText, textFlag, toggle } from '../flags.ts';

export const loginFlags = {
  user: optionalText('User name', { short: 'u' }),
  project: optionalText('Project, by its name or id', { short: 'p' }),
  mode: modeFlag(),
  name: optionalText('Name of the Swift remote; the S3 remote has an s3 before it (default the name of the site)'),
  'auth-url': optionalText('Address of the Keystone of a site that has no name here', { placeholder: 'URL' }),
  'user-domain': optionalText('Domain of the user'),
  'project-domain': optionalText('Domain of the project, where two have the same name'),
  region: optionalText('Region of the storage, where a site has several'),
  's3-endpoint': optionalText('Address of S3 (default: looked up)', { placeholder: 'URL' }),
  'user-password-command': textFlag("Command that prints the user's password", { placeholder: 'SpaceSepList' }),
  'keep-password': toggle('Keep the password in the keyring, or in a config that is sealed', 'k'),
  renew: toggle('Get a new token for the same user and project'),
  replace: toggle('Let a remote with env_auth have a login of its own'),
  export: toggle('Print the login as shell commands instead of writing it'),
  show: toggle('Show who is logged in, and for how long'),
  logout: toggle('End the login, and forget the password; with --mode S3 or both delete the S3 keys'),
};

function modeFlag(): FlagSpec<Mode> {
  return {
    kind: 'value',
    short: 'm',
    help: 'What to set up: swift, S3 or both',
    placeholder: 'swift|S3|both',
    initial: 'swift',
    shownDefault: 'swift',
    add: (_, text) => parseMode(text),
  };
}

// allas_conf takes these spellings.
function parseMode(text: string): Mode {
  if (/^s3(cmd)?$/i.test(text)) return 'S3';
  if (text === 'swift' || text === 'both') return text;
  throw new Failure('usage', `"${text}" is not one of swift, S3 and both`);
}
