import { type Aead, type AeadName, keySize, nonceSize, tagSize } from './aead.ts';
import { nodeAead } from './node-aead.ts';
import { loadOpenssl } from './openssl.ts';

const chosen = new Map<AeadName, Aead>();

/** The quickest that works here: docs/decisions/0197-aead-without-copies.md. To load it takes some milliseconds. */
export function quickAead(name: AeadName): Aead {
  const known = chosen.get(name);
  if (known) return known;
  const aead = loadQuick(name) ?? nodeAead(name);
  chosen.set(name, aead);
  return aead;
}

function loadQuick(name: AeadName): Aead | null {
  try {
    const quick = loadOpenssl(name);
    return computesTheSame(quick, nodeAead(name)) ? quick : null;
  } catch {
    return null;
  }
}

function computesTheSame(quick: Aead, node: Aead): boolean {
  const key = new Uint8Array(keySize).fill(1);
  const nonce = new Uint8Array(nonceSize).fill(2);
  const plain = new Uint8Array(100).fill(3);
  const context = new Uint8Array(5).fill(4);
  const boxes = [node, quick].map(({ seal }) => {
    const box = new Uint8Array(plain.length + tagSize);
    seal(box, plain, context, nonce, key);
    return box;
  });
  const [expected, box] = boxes as [Uint8Array, Uint8Array];
  const opened = new Uint8Array(plain.length);
  if (Buffer.compare(expected, box) !== 0 || !quick.open(opened, box, context, nonce, key)) return false;
  if (Buffer.compare(opened, plain) !== 0) return false;
  box[0] = 0;
  return !quick.open(opened, box, context, nonce, key);
}
