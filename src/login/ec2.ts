import { isObject, textIn } from '../core/json.ts';
import type { IdentityService } from './identity-service.ts';
import type { Token } from './keystone.ts';
import { unexpected } from './refusals.ts';

// https://docs.openstack.org/api-ref/identity/v3-ext/#os-ec2-admin-extension

/** Keys for S3 that are good for one project until they are deleted. */
export interface Ec2Keys {
  readonly access: string;
  readonly secret: string;
}

/** The user's keys for the project of `token`: those that are `preferred`, or others that there are, or new ones. */
export async function ec2Keys(
  service: IdentityService,
  token: Token,
  preferred: string | undefined,
): Promise<{ readonly keys: Ec2Keys; readonly isNew: boolean }> {
  const known = await listEc2Keys(service, token);
  const keys = known.find(({ access }) => access === preferred) ?? known[0];
  return keys ? { keys, isNew: false } : { keys: await createEc2Keys(service, token), isNew: true };
}

async function listEc2Keys(service: IdentityService, token: Token): Promise<readonly Ec2Keys[]> {
  const answer = await service.send({ method: 'GET', path: folderOf(token), token: token.value });
  const credentials = answer.body?.credentials;
  if (!Array.isArray(credentials) || !credentials.every(isCredential)) {
    throw unexpected(service.authUrl, 'the keys for S3', answer);
  }
  // Keys of a trust stand for somebody else's rights.
  return credentials.filter(({ tenant_id, trust_id }) => tenant_id === token.project?.id && !trust_id);
}

async function createEc2Keys(service: IdentityService, token: Token): Promise<Ec2Keys> {
  const body = { tenant_id: token.project?.id };
  const answer = await service.send({ method: 'POST', path: folderOf(token), token: token.value, body });
  const credential = answer.body?.credential;
  if (!isCredential(credential)) throw unexpected(service.authUrl, 'new keys for S3', answer);
  return credential;
}

/** Keys that are gone already are no error. */
export async function deleteEc2Keys(service: IdentityService, token: Token, access: string): Promise<void> {
  const path = `${folderOf(token)}/${encodeURIComponent(access)}`;
  const answer = await service.send({ method: 'DELETE', path, token: token.value });
  if (![200, 204, 404].includes(answer.status)) throw unexpected(service.authUrl, 'the end of keys for S3', answer);
}

interface Credential extends Ec2Keys {
  readonly tenant_id?: unknown;
  readonly trust_id?: unknown;
}

// They become lines of a config.
const keyText = /^[!-~]+$/;

function isCredential(value: unknown): value is Credential {
  return isObject(value) && keyText.test(textIn(value.access)) && keyText.test(textIn(value.secret));
}

function folderOf({ user }: Token): string {
  return `/users/${encodeURIComponent(user.id)}/credentials/OS-EC2`;
}
