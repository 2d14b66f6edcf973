import { nameToBytes } from '../../core/name-bytes.ts';
import type { Engine } from '../../crypto/engine.ts';

export interface CryptKeys {
  /** 32 bytes: secretbox of the content. */
  readonly dataKey: Uint8Array;
  /** 32 bytes: AES-256 of the names. */
  readonly nameKey: Uint8Array;
  /** 16 bytes: EME's tweak. */
  readonly nameTweak: Uint8Array;
}

// What rclone uses where no second password is set: defaultSalt in backend/crypt/cipher.go.
const defaultSalt = Buffer.from('a80df43a8fbd0308a7cab83e581f86b1', 'hex');
const keysLength = 32 + 32 + 16;

/** The keys of a crypt remote from its revealed passwords, whose bytes are taken as they are. An empty password gives keys
 *  of zeros, as in rclone. */
export async function deriveKeys(engine: Engine, password: string, salt = ''): Promise<CryptKeys> {
  const saltBytes = salt === '' ? defaultSalt : nameToBytes(salt);
  const keys =
    password === '' ? new Uint8Array(keysLength) : await engine.scrypt(nameToBytes(password), saltBytes, keysLength);
  return { dataKey: keys.slice(0, 32), nameKey: keys.slice(32, 64), nameTweak: keys.slice(64, keysLength) };
}
