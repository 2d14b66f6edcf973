import { objectIn } from '../../core/json.ts';
import { endpointsIn, momentIn, readAnswer, storageOf, versioned } from './catalogue.ts';
import type { Credentials } from './credentials.ts';
import type { Login } from './login.ts';

/** Keystone v3: a password, a token as the key, or an application credential.
 *  https://docs.openstack.org/api-ref/identity/v3/#authentication-and-token-management */
export function keystoneLogin(credentials: Credentials): Login {
  const { authUrl } = credentials;
  const auth = { identity: identityOf(credentials), ...scopeOf(credentials) };
  return {
    request: {
      method: 'POST',
      url: `${versioned(authUrl, 'v3', '/v3')}/auth/tokens`,
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: Buffer.from(JSON.stringify({ auth })),
    },
    read(headers, body) {
      const token = objectIn(readAnswer(body, authUrl).token);
      return {
        token: headers['x-subject-token'] ?? '',
        storageUrl: storageOf(endpointsIn(token.catalog, 'object-store'), credentials),
        expires: momentIn(token.expires_at),
      };
    },
  };
}

function identityOf(credentials: Credentials): object {
  const { user, userId, key, applicationId, applicationName, applicationSecret: secret } = credentials;
  if (secret !== '') {
    const which = applicationId ? { id: applicationId } : { name: applicationName, user: userOf(credentials) };
    return { methods: ['application_credential'], application_credential: { ...which, secret } };
  }
  if (user === '' && userId === '') return { methods: ['token'], token: { id: key } };
  return { methods: ['password'], password: { user: { ...userOf(credentials), password: key } } };
}

function userOf({ user, userId, domain, domainId }: Credentials): object {
  return userId ? { id: userId } : { name: user, domain: domainOf(domain, domainId) };
}

// An application credential brings its project with it.
function scopeOf(credentials: Credentials): { scope?: object } {
  const { project, projectId, projectDomain, projectDomainId, domain, domainId, applicationSecret } = credentials;
  if (applicationSecret !== '') return {};
  if (projectId) return { scope: { project: { id: projectId } } };
  if (!project) return {};
  const hasDomain = projectDomain !== '' || projectDomainId !== '';
  const home = hasDomain ? domainOf(projectDomain, projectDomainId) : domainOf(domain, domainId);
  return { scope: { project: { name: project, domain: home } } };
}

// Keystone makes the domain with the id "default" for those that use none.
function domainOf(name: string, id: string): { name: string } | { id: string } {
  return name ? { name } : { id: id || 'default' };
}
