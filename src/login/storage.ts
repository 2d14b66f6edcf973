import { Failure } from '../core/failure.ts';
import { type Endpoint, storageOf } from '../remotes/swift/catalogue.ts';
import type { Token } from './keystone.ts';
import type { Target } from './target.ts';

/** Where the project's Swift is. Throws Failure('usage') where the catalogue has none, or none in the region. */
export function swiftStorageOf(token: Token, { authUrl, known }: Target, region: string): string {
  const endpointType = known?.endpointType ?? 'public';
  const url = storageOf(token.endpoints('object-store'), { authUrl, region, endpointType, storageUrl: '' });
  if (/^https?:\/\/[!-~]+$/.test(url)) return url;
  throw new Failure('usage', `${authUrl} names an address for its storage that cannot be one`);
}

/** Where the project's S3 is: what the remote has, what is known of the site, what the catalogue says, or else the
 *  server of its Swift, as Swift and Ceph have it. */
export function s3EndpointOf(token: Token, target: Target, region: string): string {
  const known = target.s3Endpoint || target.preset?.s3Endpoint;
  if (known) return known;
  const fits = (endpoint: Endpoint) => endpoint.interface === 'public' && (region === '' || endpoint.region === region);
  const url = token.endpoints('s3').find(fits)?.url || swiftStorageOf(token, target, region);
  if (!URL.canParse(url))
    throw new Failure('usage', `${target.authUrl} names no usable address for S3: give --s3-endpoint`);
  return new URL(url).origin;
}

/** The regions that have a Swift, in the catalogue's order. */
export function regionsOf(token: Token): readonly string[] {
  return [...new Set(token.endpoints('object-store').flatMap(({ region }) => region || []))];
}
