import { Failure } from '../../core/failure.ts';
import { objectsIn, parseObject, textIn } from '../../core/json.ts';
import type { Credentials } from './credentials.ts';

/** An address of the storage, as a Keystone's catalogue has it. */
export interface Endpoint {
  /** `public`, `internal` or `admin`. */
  readonly interface: string;
  readonly region: string;
  readonly url: string;
}

/** The storage for these credentials, without a slash at its end. Throws Failure('usage') when there is none. */
export function storageOf(
  endpoints: readonly Endpoint[],
  credentials: Pick<Credentials, 'storageUrl' | 'endpointType' | 'region' | 'authUrl'>,
): string {
  const { storageUrl, endpointType, region, authUrl } = credentials;
  if (storageUrl !== '') return storageUrl;
  const found = endpoints.find(
    (endpoint) => endpoint.interface === endpointType && (region === '' || endpoint.region === region),
  );
  if (found?.url) return found.url.replace(/\/+$/, '');
  const where = region === '' ? '' : ` in the region "${region}"`;
  const known = [...new Set(endpoints.map((endpoint) => endpoint.region))].join(', ');
  throw new Failure(
    'usage',
    known === ''
      ? `${authUrl} offers no object storage to this login: check the project (tenant)`
      : `${authUrl} has no ${endpointType} object storage${where}: its regions are ${known}`,
  );
}

/** The address of a version of Keystone; OS_AUTH_URL often ends before the version. */
export function versioned(authUrl: string, marker: string, path: string): string {
  const base = authUrl.replace(/\/+$/, '');
  return base.includes(marker) ? base : base + path;
}

/** The addresses of a type of service in a catalogue of version 3, as it came. */
export function endpointsIn(catalogue: unknown, type: string): readonly Endpoint[] {
  return objectsIn(catalogue)
    .filter((service) => service.type === type)
    .flatMap((service) => objectsIn(service.endpoints))
    .map((endpoint) => ({
      interface: textIn(endpoint.interface),
      region: textIn(endpoint.region),
      url: textIn(endpoint.url),
    }));
}

/** Throws Failure('usage') where the answer is no object in JSON: another service stands there. */
export function readAnswer(body: string, authUrl: string): Readonly<Record<string, unknown>> {
  const answer = parseObject(body);
  if (answer) return answer;
  throw new Failure('usage', `${authUrl} is not a Keystone: check "auth"`);
}

/** Milliseconds since 1970 of the moment that a Keystone names; null where it names none. */
export function momentIn(value: unknown): number | null {
  const moment = Date.parse(textIn(value));
  return Number.isNaN(moment) ? null : moment;
}
