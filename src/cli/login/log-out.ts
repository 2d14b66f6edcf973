import { Failure } from '../../core/failure.ts';
import { deleteEc2Keys } from '../../login/ec2.ts';
import { createKeyring } from '../../login/keyring.ts';
import { inspect, revoke } from '../../login/keystone.ts';
import { forgetLogin } from '../../login/sections.ts';
import { renewCommand } from '../../remotes/swift/login-command.ts';
import { mayChange } from '../../transfer/session.ts';
import { type Connection, connect, type LoginContext } from './connection.ts';

/** Ends what `--mode` says at the site first, then takes it out of the config: keys that nobody knows any more but that
 *  still open the store would be worse than keys that are written down. */
export async function logOut(context: LoginContext): Promise<void> {
  await using connection = await connect(context);
  const { target, service } = connection;
  const { flags, io, log, session } = context;
  const { name, s3Name, known, authUrl } = target;
  if (!(await mayChange(session, 'logout', name))) return;
  if (flags.mode !== 'swift') await endS3Keys(connection);
  if (flags.mode !== 'S3' && known) {
    if (known.token) await revoke(service, known.token);
    await createKeyring(io.environment).clear({ authUrl, user: known.user, domain: known.domain });
    if (known.isFromEnvironment)
      log.notice(name, 'its login comes from the environment: unset OS_AUTH_TOKEN and OS_PASSWORD');
  }
  await context.configFile().update((draft) => forgetLogin(draft, target, flags.mode));
  const names = { swift: `${name}:`, S3: `${s3Name}:`, both: `${name}: and ${s3Name}:` };
  await io.stdout.write(`Logged out of ${names[flags.mode]}\n`);
}

async function endS3Keys({ target, service }: Connection): Promise<void> {
  const { name, known, s3Name, s3AccessKey } = target;
  if (s3AccessKey === undefined) throw new Failure('usage', `${s3Name}: has no keys`);
  const token = known?.token ? await inspect(service, known.token) : null;
  if (!token) {
    throw new Failure('denied', `${name}: log in first, to delete the keys of ${s3Name}: ${renewCommand(name)}`);
  }
  await deleteEc2Keys(service, token, s3AccessKey);
}
