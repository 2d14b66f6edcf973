import { Failure, type FailureKind, isFailure } from '../../core/failure.ts';
import type { HttpResponse } from '../http/client.ts';
import { readRetryAfter } from '../http/retry.ts';
import { parseXml, textOf, type XmlElement } from './xml.ts';

/** What the store said when it said no. */
export interface Fault {
  readonly status: number;
  /** S3's own word, as `NoSuchKey`; empty where there was no body to say it. */
  readonly code: string;
  readonly message: string;
  /** The region that the bucket lives in, where that is the trouble. */
  readonly region: string;
  /** Milliseconds. */
  readonly retryAfter: number | undefined;
}

/** Reads an answer that is no success, to its end. */
export async function readFault(method: string, response: HttpResponse): Promise<Fault> {
  const xml = method === 'HEAD' ? await response.discard() : await readError(response);
  return {
    status: response.status,
    ...describe(xml ?? undefined),
    ...(response.headers['x-amz-bucket-region'] && { region: response.headers['x-amz-bucket-region'] }),
    retryAfter: readRetryAfter(response.headers['retry-after']),
  };
}

/** The fault that some answers carry below a status of 200: a copy or a completion that failed half way. Null without one. */
export function faultInside(document: XmlElement): Fault | null {
  if (document.name !== 'Error') return null;
  return { status: 500, ...describe(document), retryAfter: undefined };
}

function describe(xml: XmlElement | undefined): Pick<Fault, 'code' | 'message' | 'region'> {
  if (xml?.name !== 'Error') return { code: '', message: '', region: '' };
  const region = textOf(xml, 'Region') || regionIn(textOf(xml, 'Endpoint'));
  return { code: textOf(xml, 'Code'), message: textOf(xml, 'Message'), region };
}

/** Of an address of AWS, as a redirection gives it: `bucket.s3-us-west-2.amazonaws.com`. */
function regionIn(endpoint: string): string {
  return /(?:^|\.)s3[.-]([a-z]+(?:-[a-z]+)+-\d+)\.amazonaws\.com$/.exec(endpoint)?.[1] ?? '';
}

async function readError(response: HttpResponse): Promise<XmlElement | undefined> {
  try {
    const text = await response.text(longestError);
    return text === '' ? undefined : parseXml(text);
  } catch (error) {
    // A proxy's page, or a body that broke off: the status has to do.
    if (isFailure(error, 'cancelled')) throw error;
    return undefined;
  }
}

const longestError = 1 << 20;

interface Meaning {
  readonly kind: FailureKind;
  readonly says: string;
  readonly retryable?: boolean;
}

const denied = (says: string): Meaning => ({ kind: 'denied', says });
const transient = (says: string): Meaning => ({ kind: 'transient', says });
const noBucket: Meaning = { kind: 'folder-not-found', says: 'the bucket does not exist' };
const noKey: Meaning = { kind: 'not-found', says: 'it does not exist' };
const pieceTooLarge: Meaning = { kind: 'too-large', says: 'the object is larger than the store takes in one piece' };
const nameTooLong: Meaning = { kind: 'too-large', says: 'the name is longer than the store takes' };
const changed: Meaning = { kind: 'changed', says: 'it changed in the meantime' };
const damaged = transient('it was damaged on the way');
const gaveUp = transient('the store gave up waiting');
const tooFast = transient('the store asks to slow down');
const inTrouble = transient('the store has an internal error');

// Codes: "Error responses" of the S3 API reference; those of Swift's s3api and radosgw are a subset.
const meanings = new Map<string, Meaning>(
  Object.entries({
    NoSuchBucket: noBucket,
    NoSuchKey: noKey,
    NotFound: noKey,
    NoSuchBucketPolicy: { kind: 'not-found', says: 'it has no bucket policy' },
    MalformedPolicy: { kind: 'usage', says: 'the store does not take the policy: does the project exist?' },
    AccessDenied: denied('access denied: check the keys, and that their owner may reach this bucket'),
    AllAccessDisabled: denied('all access is disabled: ask the owner of the bucket'),
    InvalidAccessKeyId: denied('the store does not know the access key: check access_key_id and the endpoint'),
    SignatureDoesNotMatch: denied('the signature does not match: check secret_access_key, region and endpoint'),
    RequestTimeTooSkewed: denied("this machine's clock differs from the store's: set the clock"),
    ExpiredToken: denied('the session token has expired: get a new one'),
    InvalidToken: denied('the session token is not valid: get a new one'),
    AccountProblem: denied('the account has a problem: ask the provider'),
    UserSuspended: denied('the account is suspended: ask the provider'),
    InvalidObjectState: {
      kind: 'unsupported',
      says: 'it is archived: have the store restore it first, as "aws s3api restore-object" does',
    },
    BucketAlreadyExists: { kind: 'exists', says: 'the name of the bucket is taken by somebody: choose another' },
    BucketAlreadyOwnedByYou: { kind: 'exists', says: 'the bucket exists' },
    BucketNotEmpty: { kind: 'not-empty', says: 'the bucket is not empty' },
    TooManyBuckets: { kind: 'full', says: 'the account holds as many buckets as it may' },
    QuotaExceeded: { kind: 'full', says: 'the quota is used up: remove something or ask for more' },
    InsufficientCapacity: { kind: 'full', says: 'the store is full' },
    EntityTooLarge: pieceTooLarge,
    KeyTooLongError: nameTooLong,
    KeyTooLong: nameTooLong,
    InvalidObjectName: { kind: 'too-large', says: 'the store does not take this name: is it longer than 1024 bytes?' },
    MetadataTooLarge: { kind: 'too-large', says: 'the metadata is larger than the store takes' },
    NoSuchUpload: { kind: 'not-found', says: 'the upload is gone' },
    IllegalLocationConstraintException: {
      kind: 'usage',
      says: 'a bucket is made in the region that is asked: set location_constraint to the same as region',
    },
    InvalidBucketName: {
      kind: 'usage',
      says: 'no bucket can have this name: use 3 to 63 lower-case letters, digits and hyphens',
    },
    InvalidStorageClass: { kind: 'usage', says: 'the store does not have this storage_class' },
    PreconditionFailed: changed,
    NotImplemented: { kind: 'unsupported', says: 'the store cannot do this' },
    BadDigest: damaged,
    XAmzContentSHA256Mismatch: damaged,
    IncompleteBody: transient('the request was cut short'),
    RequestTimeout: gaveUp,
    SlowDown: tooFast,
    InternalError: inTrouble,
    ServiceUnavailable: transient('the store is busy'),
    OperationAborted: transient('another request to the bucket is under way'),
  } satisfies Readonly<Record<string, Meaning>>),
);

const meaningsOfStatus: Readonly<Record<number, Meaning>> = {
  401: denied('the store wants keys that it knows: check access_key_id and secret_access_key'),
  403: denied('access denied: check the keys, the clock, and that their owner may reach this bucket'),
  404: noKey,
  408: gaveUp,
  409: transient('another request is in the way'),
  412: changed,
  413: pieceTooLarge,
  429: tooFast,
  507: { kind: 'full', says: 'the store is full or the quota is used up' },
};

/** `doing` and `path` start the message: `cannot read`, `bucket/a.txt`. */
export function failureOf(fault: Fault, doing: string, path: string): Failure {
  const meaning = meaningOf(fault);
  const { kind, says } = meaning;
  const word = fault.code || `HTTP ${fault.status}`;
  return new Failure(kind, `cannot ${doing} ${path === '' ? 'the buckets' : path}: ${says} (${word})`, {
    path,
    retryAfter: fault.retryAfter ?? (meaning === tooFast ? 0 : undefined),
  });
}

function meaningOf(fault: Fault): Meaning {
  if (fault.region !== '' && isElsewhere(fault)) {
    return { kind: 'usage', says: `its bucket is in the region ${fault.region}: check region and endpoint` };
  }
  const known =
    meanings.get(fault.code) ??
    (fault.status === 400 && /quota/i.test(fault.message) ? meanings.get('QuotaExceeded') : undefined);
  if (known) return known;
  if (isElsewhere(fault)) return { kind: 'usage', says: 'the bucket is elsewhere: check region and endpoint' };
  return meaningsOfStatus[fault.status] ?? otherwise(fault);
}

/** Whether the store says that the bucket is in another region. Its answer to a HEAD has no words, and a region where that
 *  is the trouble. */
export function isElsewhere({ status, code, region }: Fault): boolean {
  if (status >= 300 && status < 400) return true;
  return code === 'AuthorizationHeaderMalformed' || (status === 400 && code === '' && region !== '');
}

function otherwise({ status, message }: Fault): Meaning {
  if (status >= 500) return inTrouble;
  return { kind: 'usage', says: message === '' ? 'the store refuses the request' : `the store says: ${message}` };
}
