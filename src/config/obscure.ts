import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Failure } from '../core/failure.ts';
import { bytesToName, nameToBytes } from '../core/name-bytes.ts';

// Published in rclone's fs/config/obscure: this hides a password from a glance, it does not protect it.
const key = Buffer.from('9c935b48730a554d6bfd7c63c886a92bd390198eb8128afbf4de162b8b95f638', 'hex');
const ivSize = 16;

/** A password as rclone.conf holds it: base64url without padding of IV[16] ‖ AES-256-CTR. */
export function obscure(password: string, random: (size: number) => Uint8Array = randomBytes): string {
  const iv = random(ivSize);
  const cipher = createCipheriv('aes-256-ctr', key, iv);
  return Buffer.concat([iv, cipher.update(nameToBytes(password)), cipher.final()]).toString('base64url');
}

/** The password that `obscure` hid; rclone's own may be any bytes, which stand as `core/name-bytes.ts` says.
 *  Throws Failure('usage'), which never repeats the text: it may be a plain password. */
export function reveal(obscured: string): string {
  if (!/^[\w-]*$/.test(obscured) || obscured.length % 4 === 1) throw notObscured('it is not base64url');
  const bytes = Buffer.from(obscured, 'base64url');
  if (bytes.length < ivSize) throw notObscured('it is too short');
  const cipher = createDecipheriv('aes-256-ctr', key, bytes.subarray(0, ivSize));
  return bytesToName(Buffer.concat([cipher.update(bytes.subarray(ivSize)), cipher.final()]));
}

function notObscured(why: string): Failure {
  return new Failure(
    'usage',
    `not an obscured password: ${why}; run "coffer obscure" and put its output in the config`,
  );
}
