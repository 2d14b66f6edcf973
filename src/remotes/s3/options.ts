import { parseAge } from '../../core/age.ts';
import type { Nanoseconds } from '../../core/entry.ts';
import { Failure } from '../../core/failure.ts';
import { nowInNanoseconds } from '../../core/now.ts';
import { flag, integer, type OptionSpec, type Options, parseFlag, size, text } from '../../core/options.ts';
import { providerExamples } from './provider-examples.ts';

const advanced = { advanced: true };
const hidden = { ...advanced, hidden: true };

/** rclone's options of an S3 remote, by its names and with its defaults. */
export const options = {
  provider: text(
    'Whose S3 this is: it decides the style of addresses and listings.\n"Other" suits most, CSC Allas too.',
    {
      examples: providerExamples,
    },
  ),
  env_auth: flag(
    'Take the keys from the environment (AWS_ACCESS_KEY_ID …), the shared credentials file or the machine.',
    {
      examples: [
        { value: 'false', help: 'The keys are in this config: the next questions ask for them' },
        { value: 'true', help: 'The keys come from outside: leave the next two empty' },
      ],
    },
  ),
  access_key_id: text('Access key id. Without it, and without env_auth, requests are anonymous.'),
  secret_access_key: text('Secret access key that belongs to the access key id.'),
  session_token: text('Session token of temporary keys.', advanced),
  shared_credentials_file: text(
    'Shared credentials file for env_auth; AWS_SHARED_CREDENTIALS_FILE or ~/.aws/credentials when empty.',
    advanced,
  ),
  profile: text('Profile of the shared credentials file; AWS_PROFILE or "default" when empty.', advanced),
  region: text('Region that requests are signed for; us-east-1 when empty, which suits Swift and Ceph.', {
    provider: '!Alibaba,ArvanCloud,ChinaMobile,IDrive,Storj,TencentCOS',
    examples: [{ value: '', help: 'If in doubt' }],
  }),
  endpoint: text('Address of the service, as https://a3s.fi. Without a scheme https is meant. Empty means AWS.', {
    provider: '!IDrive',
  }),
  location_constraint: text('Region in which new buckets are made; empty leaves it to the service.', {
    provider: '!Alibaba,Cloudflare,HuaweiOBS,IDrive,IONOS,Scaleway,StackPath,Storj,TencentCOS',
  }),
  acl: text('Canned ACL of new objects: who may do what with them. Empty leaves it to the service: private.', {
    provider: '!Cloudflare,Storj',
    examples: [
      { value: 'private', help: 'Only the owner' },
      { value: 'public-read', help: 'Anybody may read' },
      { value: 'public-read-write', help: 'Anybody may read and write: not a good idea' },
      { value: 'authenticated-read', help: 'Whoever has logged in to the service may read' },
      { value: 'bucket-owner-read', help: "The bucket's owner may read" },
      { value: 'bucket-owner-full-control', help: "The bucket's owner may do all that the object's may" },
    ],
  }),
  bucket_acl: text('Canned ACL of new buckets; that of acl when empty.', advanced),
  requester_pays: flag('Agree to pay for requests to a bucket whose owner asks for that.', advanced),
  server_side_encryption: text('Ask the service to encrypt objects, with keys that it has itself.', {
    provider: 'AWS,Ceph,ChinaMobile,Minio',
    examples: [
      { value: '', help: 'None' },
      { value: 'AES256', help: "With the service's key" },
      { value: 'aws:kms', help: 'With a key of its key management' },
    ],
  }),
  sse_kms_key_id: text('ARN of the key for aws:kms.', { provider: 'AWS,Ceph,Minio' }),
  sse_customer_algorithm: text('Algorithm for encryption by the service with a key of yours: AES256.', advanced),
  sse_customer_key: text('That key, as it is.', advanced),
  sse_customer_key_base64: text('That key, in base64.', advanced),
  sse_customer_key_md5: text('MD5 of that key in base64; worked out when empty.', advanced),
  storage_class: text('Storage class of new objects, as STANDARD or STANDARD_IA. Empty is the default one.', {
    provider: 'Alibaba,ArvanCloud,AWS,ChinaMobile,Qiniu,Scaleway,TencentCOS',
  }),
  upload_cutoff: size('Files from this size on go up in parts.', { default: '200Mi', ...advanced }),
  chunk_size: size('Size of a part, at least 5Mi; grows where a file would need too many.', {
    default: '5Mi',
    ...advanced,
  }),
  max_upload_parts: integer('Most parts that the service takes for one file.', { default: '10000', ...advanced }),
  copy_cutoff: size('Files from this size on are copied by the service in parts of this size.', {
    default: '4768Mi',
    ...advanced,
  }),
  disable_checksum: flag('Do not keep the MD5 of a file in its metadata where the ETag is none.', advanced),
  upload_concurrency: integer('Parts of one file that go up side by side.', { default: '4', ...advanced }),
  leave_parts_on_error: flag('Leave the parts of a failed upload in the store.', advanced),
  force_path_style: flag('Name the bucket in the path, not in the host name; see provider.', {
    default: 'true',
    ...advanced,
  }),
  list_chunk: integer('Objects in a page of a listing; most services stop at 1000.', { default: '1000', ...advanced }),
  list_version: integer('Version of listings, 1 or 2; 0 goes by the provider.', advanced),
  list_url_encode: tristate('Ask for percent-encoded names in listings; unset goes by the provider.'),
  no_check_bucket: flag('Never try to make a bucket.', advanced),
  no_head: flag('Do not look at an object again after its upload where the answer did not prove it whole.', advanced),
  no_head_object: flag('Do not look at an object before it is read.', advanced),
  use_multipart_etag: tristate('Check the ETag of a file that went up in parts; unset goes by the provider.'),
  directory_markers: flag('Keep empty folders as empty objects whose name ends in a slash.', advanced),
  versions: flag('Show old versions of files too, with their times in their names.', advanced),
  version_at: time(
    'Show files as they were at a time, to be read only: "2026-11-01", "2026-11-01 15:04:05",\nor so long ago: "100d", "1h".',
  ),
  encoding: text('How names are changed that the service cannot hold.', {
    default: 'Slash,InvalidUtf8,Dot',
    ...advanced,
  }),
  no_system_metadata: flag('With --metadata: headers such as cache-control are plain metadata of the user.', advanced),
  v2_auth: flag('Sign in the way of before 2014. Not supported.', hidden),
  use_accelerate_endpoint: flag("Use AWS's accelerated endpoint. Not supported.", hidden),
  download_url: text('Another address to download from. Not supported.', hidden),
  decompress: flag('Unpack objects that are marked as gzip. Not supported.', hidden),
  might_gzip: text('Whether the service packs objects on its own. Without effect: it is not asked to.', hidden),
  use_presigned_request: flag('Upload by addresses that are signed. Without effect: headers are.', hidden),
  disable_http2: flag('Speak HTTP/1.1. Without effect: nothing else is spoken.', hidden),
  memory_pool_flush_time: text('How long memory is kept. Without effect: there is no such pool.', hidden),
  memory_pool_use_mmap: flag('Where memory is kept. Without effect: there is no such pool.', hidden),
} as const;

export type S3Options = Options<typeof options>;

const unsupported = ['v2_auth', 'use_accelerate_endpoint', 'download_url', 'decompress'] as const;
const noV2 = 'other-v2-signature is not supported: leave it empty, most services take newer signatures';
const smallestChunk = 5 << 20;
const largestCutoff = 5 * 2 ** 30;

/** Refuses what cannot work before anything is sent. Throws Failure('usage') or Failure('unsupported'). */
export function checkOptions(name: string, given: S3Options): void {
  const used = unsupported.find((option) => given[option]);
  if (used) throw new Failure('unsupported', `${name}: the option ${used} is not supported: take it out of the config`);
  if (given.region === 'other-v2-signature') throw new Failure('unsupported', `${name}: the region ${noV2}`);
  const fail = (message: string) => new Failure('usage', `${name}: ${message}`);
  if (given.chunk_size < smallestChunk) throw fail('chunk_size must be at least 5Mi');
  for (const option of ['upload_cutoff', 'copy_cutoff'] as const) {
    if (given[option] < 0 || given[option] > largestCutoff) throw fail(`${option} must be between 0 and 5Gi`);
  }
  if (given.copy_cutoff < smallestChunk) throw fail('copy_cutoff must be at least 5Mi');
  if (![0, 1, 2].includes(given.list_version)) throw fail('list_version must be 0, 1 or 2');
  if (given.list_chunk < 1) throw fail('list_chunk must be at least 1');
  if (given.versions && given.version_at !== null) throw fail('give versions or version_at, not both');
  if (given.sse_customer_key && given.sse_customer_key_base64) {
    throw fail('give sse_customer_key or sse_customer_key_base64, not both');
  }
}

/** `true`, `false`, or null where it is left open. */
function tristate(help: string): OptionSpec<boolean | null> {
  const parse = (value: string) => (value === '' || value === 'unset' ? null : parseFlag(value));
  return { kind: 'text', help, default: 'unset', advanced: true, parse };
}

/** A moment; null for none. What is ago counts from now. */
function time(help: string): OptionSpec<Nanoseconds | null> {
  const parse = (value: string) => (value === '' ? null : parseAge(value, nowInNanoseconds()));
  return { kind: 'text', help, default: 'off', advanced: true, parse };
}
