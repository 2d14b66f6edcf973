import { type CephAccess, startCeph } from './ceph.ts';
import { type KeystoneAccess, startKeystone } from './keystone.ts';
import { freePorts } from './ports.ts';
import { keystoneS3, type Section, s3, swiftApplicationCredential, swiftV1, swiftV3 } from './remotes.ts';
import type { Server } from './server.ts';
import { type SwiftAccess, startSwift } from './swift.ts';
import { warmUp } from './warm-up.ts';

/** Where everything is. Plain data, so that it reaches the test workers. */
export interface LabAccess {
  readonly swift: SwiftAccess;
  readonly ceph: CephAccess;
  readonly keystone: KeystoneAccess;
  /** A section of an rclone.conf for each way in. */
  readonly remotes: Readonly<Record<RemoteName, Section>>;
}

export type RemoteName =
  | 'swift-v1'
  | 'swift-v3'
  | 'swift-appcred'
  | 'swift-s3'
  | 'swift-keystone-s3'
  | 'ceph-v1'
  | 'ceph-v3'
  | 'ceph-appcred'
  | 'ceph-s3'
  | 'ceph-keystone-s3';

/** Swift, Keystone and Ceph's radosgw, wired together, in about six seconds. */
export async function startLab(): Promise<Server<LabAccess>> {
  const [keystonePort = 0, keystoneProxyPort = 0, cephPort = 0] = await freePorts(3);
  const keystone = `http://127.0.0.1:${keystonePort}`;
  const outcomes = await Promise.allSettled([
    startSwift({ keystone, keystoneProxyPort }),
    startCeph({ keystone, port: cephPort }),
    startKeystone({
      port: keystonePort,
      swiftEndpoint: `http://127.0.0.1:${keystoneProxyPort}/v1/AUTH_%(tenant_id)s`,
      cephEndpoint: `http://127.0.0.1:${cephPort}/swift/v1/AUTH_%(tenant_id)s`,
    }),
  ]);
  const stop = async (): Promise<void> => {
    for (const outcome of outcomes) if (outcome.status === 'fulfilled') await outcome.value[Symbol.asyncDispose]();
  };
  const [swift, ceph, identity] = outcomes;
  if (swift.status !== 'fulfilled' || ceph.status !== 'fulfilled' || identity.status !== 'fulfilled') {
    await stop();
    throw new AggregateError(
      outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : [])),
      outcomes.map((outcome) => (outcome.status === 'rejected' ? String(outcome.reason) : '')).join('\n'),
    );
  }
  await warmUp(swift.value.access, identity.value.access).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return {
    access: describe(swift.value.access, ceph.value.access, identity.value.access),
    get pids() {
      return [...swift.value.pids, ...ceph.value.pids, ...identity.value.pids];
    },
    [Symbol.asyncDispose]: stop,
  };
}

function describe(swift: SwiftAccess, ceph: CephAccess, keystone: KeystoneAccess): LabAccess {
  const remotes = {
    'swift-v1': swiftV1(swift),
    'swift-v3': swiftV3(keystone, 'swift'),
    'swift-appcred': swiftApplicationCredential(keystone, 'swift'),
    'swift-s3': s3('Other', swift.s3),
    'swift-keystone-s3': keystoneS3('Other', swift.keystoneS3),
    'ceph-v1': swiftV1(ceph),
    'ceph-v3': swiftV3(keystone, 'rgw'),
    'ceph-appcred': swiftApplicationCredential(keystone, 'rgw'),
    'ceph-s3': s3('Ceph', ceph.s3),
    'ceph-keystone-s3': keystoneS3('Ceph', ceph.s3),
  };
  return { swift, ceph, keystone, remotes };
}
