import { createCipheriv, createDecipheriv } from 'node:crypto';
import { type Aead, type AeadName, tagSize } from './aead.ts';

const options = { authTagLength: tagSize };

/** By node's own functions, which make a new array for each text. */
export function nodeAead(name: AeadName): Aead {
  // The types know one name, the functions all of them.
  const cipherName = name as 'aes-256-gcm';
  return {
    seal(out, plain, context, nonce, key) {
      const cipher = createCipheriv(cipherName, key, nonce, options);
      if (context.length > 0) cipher.setAAD(context);
      out.set(cipher.update(plain));
      cipher.final();
      out.set(cipher.getAuthTag(), plain.length);
    },
    open(out, box, context, nonce, key) {
      const decipher = createDecipheriv(cipherName, key, nonce, options);
      if (context.length > 0) decipher.setAAD(context);
      decipher.setAuthTag(box.subarray(out.length));
      out.set(decipher.update(box.subarray(0, out.length)));
      try {
        decipher.final();
        return true;
      } catch {
        return false;
      }
    },
  };
}
