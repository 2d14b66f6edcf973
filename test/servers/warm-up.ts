import { createHmac } from 'node:crypto';
import { answers, waitFor } from './daemon.ts';
import type { KeystoneAccess } from './keystone.ts';
import type { SwiftAccess } from './swift.ts';

/** Swift's first question to Keystone of each kind, about a token and about S3 keys, is now and then refused although
 *  Keystone never saw it (keystonemiddleware 10.1): they are asked before a test does. */
export async function warmUp({ keystoneS3 }: SwiftAccess, { url }: KeystoneAccess): Promise<void> {
  const domain = { name: 'Default' };
  const project = { name: 'project_2000001', domain };
  const identity = { methods: ['password'], password: { user: { name: 'alice', domain, password: 'alicepw' } } };
  const login = await fetch(`${url}/v3/auth/tokens`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ auth: { identity, scope: { project } } }),
  });
  const { token } = (await login.json()) as { token: { project: { id: string } } };
  const headers = { 'X-Auth-Token': login.headers.get('x-subject-token') ?? '' };
  await waitFor("Swift with Keystone's tokens", [], () =>
    answers(`${keystoneS3}/v1/AUTH_${token.project.id}`, { headers }),
  );
  await waitFor("Swift with Keystone's S3 keys", [], () => answers(`${keystoneS3}/`, { headers: signedAsAlice() }));
}

/** Version 2 of S3's signatures, for a list of buckets. */
function signedAsAlice(): Record<string, string> {
  const date = new Date().toUTCString();
  const signature = createHmac('sha1', 'ec2-alice-secret').update(`GET\n\n\n\nx-amz-date:${date}\n/`).digest('base64');
  return { 'x-amz-date': date, authorization: `AWS ec2-alice:${signature}` };
}
