import { Failure } from '../../core/failure.ts';
import type { Credentials } from './credentials.ts';
import type { Login } from './login.ts';

/** Swift's own login, "v1": tempauth, swauth and radosgw have it. */
export function legacyLogin({ authUrl, user, key, storageUrl }: Credentials): Login {
  return {
    request: { method: 'GET', url: authUrl, headers: { 'x-auth-user': user, 'x-auth-key': key } },
    read(headers, _body, now) {
      const token = headers['x-auth-token'];
      const url = storageUrl || headers['x-storage-url'];
      if (!token || !url) throw new Failure('usage', `${authUrl} is not a login service of version 1: check "auth"`);
      const life = Number(headers['x-auth-token-expires']);
      return { token, storageUrl: url.replace(/\/+$/, ''), expires: life > 0 ? now + life * 1000 : null };
    },
  };
}
