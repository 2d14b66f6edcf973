import type { Named } from '../../login/keystone.ts';
import { tokenLife } from '../../login/life.ts';
import { visible } from '../log.ts';
import type { Admission } from './admission.ts';

/** `alice in project_2001659, valid until 18:05, 7 h 59 min`. */
export function lifeLine(admission: Admission, now: Date): string {
  return `${whoWhere(admission)}, ${tokenLife(admission.token.expires, now.getTime())}`;
}

/** `alice in project_2001659`. */
export function whoWhere({ user, project }: Pick<Admission, 'user' | 'project'>): string {
  return `${described(user)} in ${described(project)}`;
}

/** With the domain where that is not the usual one. */
function described({ name, domain }: Named): string {
  return visible(domain === 'Default' ? name : `${name} (domain ${domain})`);
}
