import { createHash } from 'node:crypto';
import type { AddedHeaders } from '../../core/backend.ts';
import type { S3Options } from './options.ts';

type Headers = Readonly<Record<string, string>>;

/** The headers that the options add to requests, lower-case. */
export interface StoreHeaders {
  /** On every request about a bucket. */
  readonly every: Headers;
  /** On what reads or writes the bytes of an object. */
  readonly content: Headers;
  /** On what makes an object. */
  readonly create: Headers;
  /** On what makes an object of bytes that are sent, whatever its metadata says of them. */
  readonly upload: Headers;
  /** On what reads the bytes of an object. */
  readonly download: Headers;
  /** On what makes an object from another. */
  readonly copy: Headers;
  /** On what makes a part from another object. */
  readonly copyPart: Headers;
  /** On what makes a bucket. */
  readonly bucket: Headers;
}

export function createHeaders(given: S3Options, added: Pick<AddedHeaders, 'upload' | 'download'>): StoreHeaders {
  const every = present({ 'x-amz-request-payer': given.requester_pays ? 'requester' : '' });
  const content = { ...every, ...customerKey(given, 'x-amz-') };
  const create = {
    ...content,
    ...present({
      'x-amz-acl': given.acl,
      'x-amz-storage-class': given.storage_class,
      'x-amz-server-side-encryption': given.server_side_encryption,
      'x-amz-server-side-encryption-aws-kms-key-id': given.sse_kms_key_id,
    }),
  };
  const sourceKey = customerKey(given, 'x-amz-copy-source-');
  return {
    every,
    content,
    create,
    upload: added.upload,
    download: { ...content, ...added.download },
    copy: { ...create, ...sourceKey },
    copyPart: { ...content, ...sourceKey },
    bucket: present({ 'x-amz-acl': given.bucket_acl || given.acl }),
  };
}

function customerKey(given: S3Options, prefix: string): Headers {
  const key = given.sse_customer_key
    ? Buffer.from(given.sse_customer_key)
    : Buffer.from(given.sse_customer_key_base64, 'base64');
  const md5 = key.length > 0 ? createHash('md5').update(key).digest('base64') : '';
  return present({
    [`${prefix}server-side-encryption-customer-algorithm`]: given.sse_customer_algorithm,
    [`${prefix}server-side-encryption-customer-key`]: key.toString('base64'),
    [`${prefix}server-side-encryption-customer-key-md5`]: given.sse_customer_key_md5 || md5,
  });
}

function present(headers: Headers): Headers {
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== ''));
}
