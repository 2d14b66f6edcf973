import { quoteForShell } from '../core/shell.ts';
import type { Named } from './keystone.ts';

/** What a shell needs for a remote with `env_auth`. */
export interface ShellLogin {
  readonly authUrl: string;
  readonly user: Named;
  readonly project: Named;
  readonly region: string;
  readonly token: string;
  readonly storageUrl: string;
}

/** Lines for bash, zsh and sh that export a login under the names that allas_conf and OpenStack's clients use. */
export function shellLines({ authUrl, user, project, region, token, storageUrl }: ShellLogin): string {
  const variables = {
    OS_AUTH_URL: authUrl,
    OS_IDENTITY_API_VERSION: '3',
    OS_USERNAME: user.name,
    OS_USER_DOMAIN_NAME: user.domain,
    OS_PROJECT_NAME: project.name,
    OS_PROJECT_ID: project.id,
    OS_PROJECT_DOMAIN_NAME: project.domain,
    ...(region && { OS_REGION_NAME: region }),
    OS_STORAGE_URL: storageUrl,
    OS_AUTH_TOKEN: token,
  };
  // Quoted whatever they hold: a site may be hostile.
  return Object.entries(variables)
    .map(([name, value]) => `export ${name}=${quoteForShell(value)}\n`)
    .join('');
}
