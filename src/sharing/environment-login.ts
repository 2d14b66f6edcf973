import { type Environment, lookUp } from '../config/environment.ts';
import { Failure } from '../core/failure.ts';
import { optionRoles } from './option-roles.ts';
import { quoted } from './quoted.ts';

/** Refuses a section to be written whose store would get a login that this site's environment holds for all stores of a
 *  type, or of this name (`RCLONE_SWIFT_KEY`): it would go where the share says. Throws Failure('denied'). */
export function refuseEnvironmentLogin(
  name: string,
  values: readonly (readonly [string, string])[],
  environment: Environment,
): void {
  const type = new Map(values).get('type') ?? '';
  const roles = optionRoles(type);
  if (!roles || !values.some(([option]) => roles.get(option) === 'address')) return;
  const isLogin = (option: string): boolean => option === 'env_auth' || roles.get(option) === 'credential';
  const found = [...roles.keys()].find((option) => isLogin(option) && lookUp(option, { name, type, environment }));
  if (found === undefined) return;
  throw new Failure(
    'denied',
    `your environment sets ${found} of ${quoted(name)}, and that login would go to the address that the share names: make a remote of your own for the store and name it with --base`,
  );
}
