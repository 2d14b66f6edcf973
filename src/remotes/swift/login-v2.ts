import { type Endpoint, readAnswer, storageOf, versioned } from './catalogue.ts';
import type { Credentials } from './credentials.ts';
import type { Login } from './login.ts';

interface Answer {
  readonly access?: {
    readonly token?: { readonly id?: string; readonly expires?: string };
    readonly serviceCatalog?: readonly {
      readonly type?: string;
      readonly endpoints?: readonly Readonly<Record<string, string | undefined>>[];
    }[];
  };
}

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
      const { access } = readAnswer<Answer>(body, authUrl);
      const expires = Date.parse(access?.token?.expires ?? '');
      return {
        token: access?.token?.id ?? '',
        storageUrl: storageOf(endpointsOf(access?.serviceCatalog ?? []), credentials),
        expires: Number.isNaN(expires) ? null : expires,
      };
    },
  };
}

// v2 keeps the kinds of an endpoint side by side: publicURL, internalURL, adminURL.
function endpointsOf(catalogue: NonNullable<NonNullable<Answer['access']>['serviceCatalog']>): Endpoint[] {
  return catalogue
    .filter(({ type }) => type === 'object-store')
    .flatMap(({ endpoints = [] }) => endpoints)
    .flatMap((endpoint) =>
      ['public', 'internal', 'admin'].flatMap((kind) => {
        const url = endpoint[`${kind}URL`];
        return url ? [{ interface: kind, url, region: endpoint.region }] : [];
      }),
    );
}
