import type { OptionSpecs } from '../../../core/options.ts';
import { defineCommand } from '../../command.ts';
import type { Values } from '../../config/asked-options.ts';
import { demandRemote, fileRemotes, specsOf } from '../../config/file-remotes.ts';
import { visible } from '../../log.ts';

// What newer rclones call sensitive, beside the passwords: logins and keys of swift and s3, by the names of the options.
const sensitive = new Set([
  ...['user', 'key', 'user_id', 'domain', 'tenant', 'tenant_id', 'tenant_domain', 'auth_token'],
  ...['application_credential_id', 'application_credential_name', 'application_credential_secret'],
  ...['access_key_id', 'secret_access_key', 'session_token', 'sse_kms_key_id'],
  ...['sse_customer_key', 'sse_customer_key_base64', 'sse_customer_key_md5'],
]);

export const command = defineCommand({
  usage: '[remote]',
  summary: 'Print redacted (decrypted) config file, or the redacted config for a single remote',
  help: `Prints the config, or one remote in it, with XXX in place of passwords, keys and logins. Look it over before you show it to
somebody who helps you. For a type that coffer does not know, everything but the type is replaced.

    coffer config redacted allas-crypt`,
  arguments: { min: 0, max: 1 },
  flags: {},
  async run(context) {
    const { args, io } = context;
    const remotes = await fileRemotes(context);
    const names = args[0] === undefined ? [...remotes.keys()].sort() : [args[0].replace(/:+$/, '')];
    const texts: string[] = [];
    for (const name of names) {
      const values = demandRemote(remotes, name);
      texts.push(redacted(name, values, await specsOf(values)));
    }
    await io.stdout.write(texts.length === 0 ? '; empty config\n' : texts.join('\n'));
    await io.stdout.write('### Double check the config for sensitive info before posting publicly\n');
  },
});

function redacted(name: string, values: Values, specs: OptionSpecs | null): string {
  const isHidden = (key: string): boolean =>
    key !== 'type' && (!specs || !Object.hasOwn(specs, key) || specs[key]?.kind === 'secret' || sensitive.has(key));
  const lines = [...values].map(
    ([key, value]) => `${visible(key)} = ${value !== '' && isHidden(key) ? 'XXX' : visible(value)}\n`,
  );
  return `[${visible(name)}]\n${lines.join('')}`;
}
