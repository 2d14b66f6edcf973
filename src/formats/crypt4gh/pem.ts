import { Failure } from '../../core/failure.ts';

/** A block of base64 between BEGIN and END lines (RFC 7468). */
export interface Pem {
  /** What stands after BEGIN: `CRYPT4GH PUBLIC KEY`. */
  readonly label: string;
  readonly bytes: Buffer;
}

/** The first block in a text; null where there is none. Throws Failure('corrupt') for one that is not base64. */
export function parsePem(text: string): Pem | null {
  const block = /-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \1-----/.exec(text);
  if (!block) return null;
  const [, label = '', body = ''] = block;
  const base64 = body.replace(/\s/g, '');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(base64) || base64.length % 4 !== 0) {
    throw new Failure('corrupt', `the ${label} is cut or changed: it is not base64`);
  }
  return { label, bytes: Buffer.from(base64, 'base64') };
}

export function formatPem(label: string, bytes: Uint8Array): string {
  return `-----BEGIN ${label}-----\n${Buffer.from(bytes).toString('base64')}\n-----END ${label}-----\n`;
}
