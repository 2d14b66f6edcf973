// node cipher.mjs seal|open BYTES: what Crypt4GH costs at least on Node, the cipher alone, in memory.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const [, , direction, bytes] = process.argv;
const [key, nonce, plain] = [randomBytes(32), randomBytes(12), randomBytes(65_536)];
const options = { authTagLength: 16 };

function seal() {
  const cipher = createCipheriv('chacha20-poly1305', key, nonce, options);
  const box = cipher.update(plain);
  cipher.final();
  return { box, tag: cipher.getAuthTag() };
}

const { box, tag } = seal();

function open() {
  const decipher = createDecipheriv('chacha20-poly1305', key, nonce, options);
  decipher.setAuthTag(tag);
  decipher.update(box);
  decipher.final();
}

const work = direction === 'seal' ? seal : open;
for (let done = 0; done < Number(bytes); done += plain.length) work();
