import { createHash } from 'node:crypto';

/** How people compare public keys: `SHA256:` and the base64 of the key's SHA-256 without padding, as ssh shows keys. */
export function fingerprint(publicKey: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(publicKey).digest('base64').replace(/=+$/, '')}`;
}
