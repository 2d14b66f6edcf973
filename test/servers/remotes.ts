import type { CephAccess } from './ceph.ts';
import type { KeystoneAccess } from './keystone.ts';
import type { SwiftAccess } from './swift.ts';

/** One remote's options, by rclone's names. */
export type Section = Readonly<Record<string, string>>;

/** An rclone.conf. */
export function configText(sections: Readonly<Record<string, Section>>): string {
  return Object.entries(sections)
    .map(([name, options]) => {
      const lines = Object.entries(options).map(([key, value]) => `${key} = ${value}`);
      return `[${name}]\n${lines.join('\n')}\n`;
    })
    .join('\n');
}

export function swiftV1({ auth }: SwiftAccess | CephAccess): Section {
  return { type: 'swift', auth, auth_version: '1', user: 'test:tester', key: 'testing' };
}

/** alice of project_2000001, in the catalogue's region `swift` or `rgw`. */
export function swiftV3({ url }: KeystoneAccess, region: 'swift' | 'rgw'): Section {
  return {
    type: 'swift',
    auth: `${url}/v3`,
    auth_version: '3',
    user: 'alice',
    key: 'alicepw',
    domain: 'Default',
    tenant: 'project_2000001',
    tenant_domain: 'Default',
    region,
  };
}

export function swiftApplicationCredential(keystone: KeystoneAccess, region: 'swift' | 'rgw'): Section {
  return {
    type: 'swift',
    auth: `${keystone.url}/v3`,
    auth_version: '3',
    application_credential_id: keystone.applicationCredential.id,
    application_credential_secret: keystone.applicationCredential.secret,
    region,
  };
}

export function s3(provider: 'Other' | 'Ceph', endpoint: string): Section {
  return {
    type: 's3',
    provider,
    endpoint,
    region: 'us-east-1',
    access_key_id: 'test:tester',
    secret_access_key: 'testing',
  };
}

/** With alice's EC2 keys. */
export function keystoneS3(provider: 'Other' | 'Ceph', endpoint: string): Section {
  return { ...s3(provider, endpoint), access_key_id: 'ec2-alice', secret_access_key: 'ec2-alice-secret' };
}

/** A crypt remote over `remote`: passwords "potato" and "salt", obscured. */
export function crypt(remote: string, options: Section = {}): Section {
  return {
    type: 'crypt',
    remote,
    password: 'kAe1aQMiE3FcWmRB_eBTwBFSC0zlNg',
    password2: 'LltKk6Sy5rIkBxrALkWDD6oVMIk',
    ...options,
  };
}
