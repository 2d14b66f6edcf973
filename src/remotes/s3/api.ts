import { createHash, hash } from 'node:crypto';
import type { TransportSettings } from '../../core/backend.ts';
import { Failure } from '../../core/failure.ts';
import type { Call } from '../../core/remote.ts';
import type { Report } from '../../core/report.ts';
import type { HttpClient, HttpResponse, StreamedBody } from '../http/client.ts';
import { withRetries } from '../http/retry.ts';
import { type Fault, failureOf, faultInside, readFault } from './faults.ts';
import type { Region, Regions } from './regions.ts';
import { type Credentials, presignedQuery, queryString, unsignedPayload } from './sigv4.ts';
import { parseXml, type XmlElement } from './xml.ts';

export interface S3Request {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  /** Empty for the service itself. */
  readonly bucket: string;
  /** As the store spells it; empty for the bucket. */
  readonly key?: string;
  readonly query?: Readonly<Record<string, string>> | undefined;
  /** Lower-case names. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | StreamedBody | undefined;
  /** A status that is an answer too, no failure. */
  readonly accepts?: number;
}

/** What a request is for, in the words of messages: `cannot <doing> <path>`. */
export interface Task {
  readonly doing: string;
  readonly path: string;
  readonly signal?: AbortSignal | undefined;
  readonly onSending?: Call['onSending'];
}

/** The store's requests. Everything throws Failure, in the terms of the task. */
export interface S3Api {
  /** One try. Resolves only with a success, or the status that is accepted. */
  attempt(request: S3Request, task: Task): Promise<HttpResponse>;
  /** Repeats what failed for a reason that may pass. */
  retry<T>(task: Task, attempt: () => Promise<T>): Promise<T>;
  /** The headers of the answer, with retries. */
  headers(request: S3Request, task: Task): Promise<Readonly<Record<string, string>>>;
  /** The XML of the answer. A fault inside a success counts as one; what is no answer of S3 throws Failure('corrupt'). One
   *  try. */
  attemptDocument(request: S3Request, task: Task): Promise<XmlElement>;
  /** `attemptDocument` with retries. */
  document(request: S3Request, task: Task): Promise<XmlElement>;
  /** The address from which anybody can read an object for so many seconds; the bare one where requests are anonymous. */
  readingAddress(object: ObjectAddress, seconds: number): Promise<string>;
}

export type ObjectAddress = Required<Pick<S3Request, 'bucket' | 'key'>> & Pick<S3Request, 'query'>;

export interface S3Service {
  readonly http: HttpClient;
  readonly regions: Regions;
  /** Null for anonymous requests. */
  credentials(): Promise<Credentials | null>;
  readonly settings: TransportSettings;
  readonly report: Report;
}

const hashOfNothing = createHash('sha256').digest('hex');
// S3 itself allows fifteen minutes; a store that refuses for less has another reason.
const smallestSkew = 5 * 60_000;
// A clock that was never set says 1970.
const largestSkew = 100 * 365 * 86_400_000;

export function createS3Api({ http, regions, credentials, settings, report }: S3Service): S3Api {
  /** Milliseconds to add to this machine's clock to get the store's. */
  let skew = 0;

  async function attempt(request: S3Request, task: Task): Promise<HttpResponse> {
    const region = regions.of(request.bucket);
    if (!region.endpoint.isEncrypted) requireNoKey(request, task);
    const { origin, host, path } = region.endpoint.address(request.bucket, request.key ?? '');
    const query = request.query ? queryString(request.query) : '';
    const keys = await credentials();
    const { method, body } = request;
    const given = { host, ...request.headers };
    const headers = keys
      ? region.sign(
          { method, path, query, headers: given, payload: payloadOf(request, region) },
          keys,
          Date.now() + skew,
        )
      : given;
    const url = `${origin}${path}${query && `?${query}`}`;
    const { signal, onSending } = task;
    const response = await http.request({ method, url, headers, body, signal, purpose: task, onSending });
    if (isSuccess(response.status) || response.status === request.accepts) return response;
    const fault = withoutKeys(keys, await readFault(request.method, response));
    const isCorrected = correctSkew(request, fault, response, host) || regions.learn(request.bucket, region, fault);
    throw isCorrected ? tryAgain(fault, task) : failureOf(fault, task.doing, task.path);
  }

  async function attemptDocument(request: S3Request, task: Task): Promise<XmlElement> {
    const response = await attempt(request, task);
    const document = parseXml(await response.text());
    const fault = faultInside(document);
    if (fault) throw failureOf(fault, task.doing, task.path);
    requireResult(document, task);
    return document;
  }

  /** The payload's name in the signature. TLS protects a body as well as its hash would; without TLS the hash of a body at
   *  hand is sent along, and a streamed body is checked by its MD5 afterwards. */
  function payloadOf({ body }: S3Request, { endpoint }: Region): string {
    if (body === undefined) return hashOfNothing;
    if (endpoint.isEncrypted || !(body instanceof Uint8Array)) return unsignedPayload;
    return hash('sha256', body, 'hex');
  }

  /** The answer to a HEAD has no words that could tell why. */
  function correctSkew({ method }: S3Request, { status, code }: Fault, response: HttpResponse, host: string): boolean {
    if (code !== 'RequestTimeTooSkewed' && (method !== 'HEAD' || status !== 403)) return false;
    const difference = Date.parse(response.headers.date ?? '') - Date.now() - skew;
    const isSkew = Math.abs(difference) > smallestSkew && Math.abs(difference) < largestSkew;
    if (!isSkew) return false;
    skew += difference;
    report.notice('', `this machine's clock is ${Math.round(-skew / 1000)} s ahead of ${host}: set the clock`);
    return true;
  }

  const retry = <T>(task: Task, work: () => Promise<T>) =>
    withRetries(settings, report, `${task.doing} ${task.path}`, work, task.signal);

  return {
    attempt,
    retry,
    headers: (request, task) =>
      retry(task, async () => {
        const response = await attempt(request, task);
        await response.discard();
        return response.headers;
      }),
    attemptDocument,
    document: (request, task) => retry(task, () => attemptDocument(request, task)),
    async readingAddress({ bucket, key, query = {} }, seconds) {
      const { endpoint, name } = regions.of(bucket);
      const address = endpoint.address(bucket, key);
      const keys = await credentials();
      const asked = keys
        ? presignedQuery({ ...address, query }, name, keys, Date.now() + skew, seconds)
        : queryString(query);
      return `${address.origin}${address.path}${asked && `?${asked}`}`;
    },
  };
}

/** As AWS's SDKs, and so rclone: who listens would know the key from then on. Throws Failure('denied'). */
function requireNoKey({ headers }: S3Request, { doing, path }: Task): void {
  if (headers?.['x-amz-server-side-encryption-customer-key'] === undefined) return;
  const why = 'sse_customer_key would go over the network in the clear: give an endpoint with https';
  throw new Failure('denied', `cannot ${doing} ${path}: ${why}`, { path });
}

/** Swift's S3 hands requests without keys on to Swift's own API, which finds the address malformed. */
function withoutKeys(keys: Credentials | null, fault: Fault): Fault {
  const isForeign = fault.code === '' && (fault.status === 400 || fault.status === 412);
  return keys === null && isForeign ? { ...fault, status: 401 } : fault;
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

// `ListBucketResult` and its like, and two documents of other names.
const results = /^(?:[A-Za-z]+Result|AccessControlPolicy|VersioningConfiguration)$/;

/** A page that asks for a login has nothing in it that a listing has: it would pass for an empty bucket. */
function requireResult({ name }: XmlElement, { doing, path }: Task): void {
  if (results.test(name)) return;
  const what = `cannot ${doing} ${path || 'the buckets'}: the answer is <${name.slice(0, 40)}>, which is not from S3`;
  throw new Failure('corrupt', `${what}: check endpoint, and for a proxy or a login page in between`, {
    path,
    retryable: true,
  });
}

function tryAgain(fault: Fault, { doing, path }: Task): Failure {
  const failure = failureOf(fault, doing, path);
  return new Failure(failure.kind, failure.message, { path, retryable: true });
}
