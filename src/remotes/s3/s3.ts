import type { Backend, TransportSettings } from '../../core/backend.ts';
import { Failure } from '../../core/failure.ts';
import type { Remote } from '../../core/remote.ts';
import { createEncoder } from '../../formats/rclone-encoder.ts';
import { createHttpClient } from '../http/client.ts';
import { createS3Api } from './api.ts';
import { createBuckets } from './buckets.ts';
import { createCredentialSource } from './credentials.ts';
import { createHeaders } from './headers.ts';
import { checkOptions, options } from './options.ts';
import { dialectOf } from './providers.ts';
import { createRegions } from './regions.ts';
import { createS3Remote, type S3Remote } from './remote.ts';
import type { Store } from './store.ts';

/** S3 and what speaks its protocol, with rclone's options. */
export const backend: Backend<typeof options> = {
  type: 's3',
  description: 'Amazon S3 and services that speak its protocol: Ceph, Swift, MinIO and many more',
  options,
  async open(given, { name, report, environment, settings }) {
    const label = `${name}:`;
    checkOptions(label, given);
    const fromEnvironment = given.env_auth ? environment : {};
    const region = given.region || fromEnvironment.AWS_REGION || fromEnvironment.AWS_DEFAULT_REGION || 'us-east-1';
    const address = given.endpoint || fromEnvironment.AWS_ENDPOINT_URL_S3 || fromEnvironment.AWS_ENDPOINT_URL || '';
    if (address === '' && given.provider !== 'AWS' && given.provider !== '') {
      throw new Failure('usage', `${label} the option endpoint is missing: give the address of the service`);
    }
    const dialect = dialectOf(given, report, label);
    const regions = createRegions(address, region, dialect.pathStyle, report);
    const credentials = createCredentialSource(label, given, environment);
    const http = createHttpClient(settings, environment);
    const api = createS3Api({ http, regions, credentials, settings, report });
    const headers = createHeaders(given, settings.headers);
    const store: Store = {
      ...{ label, api, headers, dialect, report, options: given },
      buckets: createBuckets(api, headers, given, report),
      encoder: createEncoder(given.encoding),
      etagIsMd5: !given.server_side_encryption.startsWith('aws:kms') && given.sse_customer_algorithm === '',
      usesServerTimes: settings.usesServerTimes,
    };
    const remote = createS3Remote(store, settings, async () => http[Symbol.asyncDispose]());
    return { remote: await asOptionsShowIt(store, settings, remote), path: '' };
  },
};

/** The remote, or its old versions too, or its state at a time. */
async function asOptionsShowIt(store: Store, settings: TransportSettings, remote: S3Remote): Promise<Remote> {
  const { versions, version_at: time } = store.options;
  if (versions) return (await import('./versions/every.ts')).createVersionsRemote(store, settings, remote);
  if (time !== null) return (await import('./versions/state.ts')).createStateRemote(store, settings, remote, time);
  return remote;
}
