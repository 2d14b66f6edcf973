import { Failure } from '../../core/failure.ts';
import { inspect, type Named, type Token } from '../../login/keystone.ts';
import { tokenLife } from '../../login/life.ts';
import type { Endpoint } from '../../remotes/swift/catalogue.ts';
import { renewCommand } from '../../remotes/swift/login-command.ts';
import { visible } from '../log.ts';
import { connect, type LoginContext } from './connection.ts';
import { nobody, ownToken } from './own-token.ts';

/** Prints whom the remote's login stands for and how long, as Keystone says.
 *  Throws Failure('denied') where it has ended or there is none. */
export async function showLogin(context: LoginContext): Promise<void> {
  await using connection = await connect(context);
  const { target, service } = connection;
  const { io } = context;
  const { name, known } = target;
  if (!known) throw nobody(name);
  const token = await inspect(service, await ownToken(known, connection));
  if (!token) throw new Failure('denied', `${name}: the login has ended: ${renewCommand(name)}`);
  const rows = {
    remote: `${name}:`,
    site: service.authUrl,
    user: described(token.user),
    project: token.project ? `${described(token.project)}, id ${token.project.id}` : 'none',
    roles: token.roles.join(', ') || 'none',
    storage: known.storageUrl || storageIn(token, known.region),
    token: tokenLife(token.expires, io.date().getTime()),
  };
  for (const [title, value] of Object.entries(rows)) await io.stdout.write(`${title.padEnd(9)}${visible(value)}\n`);
}

function storageIn(token: Token, region: string): string {
  const fits = (endpoint: Endpoint) => endpoint.interface === 'public' && (region === '' || endpoint.region === region);
  return token.endpoints('object-store').find(fits)?.url ?? 'none';
}

function described({ name, domain }: Named): string {
  return `${name} (domain ${domain})`;
}
