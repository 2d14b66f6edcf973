import { Failure } from '../../core/failure.ts';
import { uriEncode, uriEncodePath } from './sigv4.ts';

/** Where a bucket or an object is reached. */
export interface Address {
  /** `https://host:port` */
  readonly origin: string;
  readonly host: string;
  /** Percent-encoded. */
  readonly path: string;
}

export interface Endpoint {
  readonly isEncrypted: boolean;
  /** The service itself, a bucket, or an object in it. Throws Failure('usage') for a name that no address can hold. */
  address(bucket: string, key: string): Address;
}

/** `endpoint` is an address with or without its scheme, https where it has none; empty means AWS in `region`.
 *  Throws Failure('usage') for what is no address, and no region. */
export function createEndpoint(endpoint: string, region: string, pathStyle: boolean): Endpoint {
  const text = endpoint === '' ? awsHost(region) : endpoint;
  const url = parseAddress(text.includes('://') ? text : `https://${text}`);
  const base = url.pathname.replace(/\/+$/, '');
  const isNamed = /[a-z]/i.test(url.hostname) && url.hostname !== 'localhost' && !url.hostname.startsWith('[');
  const isEncrypted = url.protocol === 'https:';
  // A certificate for *.host does not cover a bucket with a dot.
  const inHost = (bucket: string) =>
    !pathStyle && isNamed && /^[a-z0-9][a-z0-9.-]+$/.test(bucket) && !(isEncrypted && bucket.includes('.'));
  return {
    isEncrypted,
    address(bucket, key) {
      const isInHost = bucket !== '' && inHost(bucket);
      const host = isInHost ? `${bucket}.${url.host}` : url.host;
      const bucketPath = bucket === '' || isInHost ? '/' : `/${uriEncode(bucket)}`;
      const keyPath = key === '' ? '' : `${bucketPath === '/' ? '' : '/'}${uriEncodePath(key)}`;
      return { origin: `${url.protocol}//${host}`, host, path: `${base}${bucketPath}${keyPath}` };
    },
  };
}

function parseAddress(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol) && url.search === '' && url.username === '') return url;
  throw new Failure('usage', `the S3 endpoint "${text}" is not an address: write it like https://a3s.fi`);
}

function awsHost(region: string): string {
  // Elsewhere in an address, a slash would let it name any host: a share may set the region, but not where a login goes.
  if (!/^[a-z\d-]+$/i.test(region)) {
    throw new Failure('usage', `"${region}" is no region of AWS: write it like eu-north-1, or set endpoint`);
  }
  return `s3.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
}
