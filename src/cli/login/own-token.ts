import { Failure } from '../../core/failure.ts';
import type { Known } from '../../login/target.ts';
import { canLogIn } from '../../remotes/swift/credentials.ts';
import { logIn } from '../../remotes/swift/login.ts';
import { loginCommand } from '../../remotes/swift/login-command.ts';
import type { Connection } from './connection.ts';

/** The token that a remote has, or one that it gets by itself. Throws Failure('denied') where neither is. */
export async function ownToken(known: Known, { target, http }: Pick<Connection, 'target' | 'http'>): Promise<string> {
  if (known.token) return known.token;
  if (canLogIn(known)) return (await logIn(http, known, `${target.name}:`)).token;
  throw nobody(target.name);
}

export function nobody(name: string): Failure {
  return new Failure('denied', `${name}: nobody is logged in: ${loginCommand(name)}`);
}
