import { objectIn, objectsIn, textIn } from '../../core/json.ts';
import { type Endpoint, momentIn, readAnswer, storageOf, versioned } from './catalogue.ts';
import type { Credentials } from './credentials.ts';
import type { Login } from './login.ts';

/** Keystone before 2018, "v2.0". */
export function legacyKeystoneLogin(credentials: Credentials): Login {
  const { authUrl, user, key, project, projectId } = credentials;
  const auth = {
    passwordCredentials: { username: user, password: key },
    ...(projectId ? { tenantId: projectId } : project && { tenantName: project }),
  };
  return {
    request: {
      method: 'POST',
      url: `${versioned(authUrl, 'v2', '/v2.0')}/tokens`,
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: Buffer.from(JSON.stringify({ auth })),
    },
    read(_headers, body) {
      const access = objectIn(readAnswer(body, authUrl).access);
      const token = objectIn(access.token);
      return {
        token: textIn(token.id),
        storageUrl: storageOf(endpointsOf(access.serviceCatalog), credentials),
        expires: momentIn(token.expires),
      };
    },
  };
}

// v2 keeps the kinds of an endpoint side by side: publicURL, internalURL, adminURL.
function endpointsOf(catalogue: unknown): Endpoint[] {
  return objectsIn(catalogue)
    .filter(({ type }) => type === 'object-store')
    .flatMap(({ endpoints }) => objectsIn(endpoints))
    .flatMap((endpoint) =>
      ['public', 'internal', 'admin'].flatMap((kind) => {
        const url = textIn(endpoint[`${kind}URL`]);
        return url ? [{ interface: kind, url, region: textIn(endpoint.region) }] : [];
      }),
    );
}
