import { type Aead, type AeadName, nonceSize } from './aead.ts';
import { nodeAead } from './node-aead.ts';
import { loadOpenssl } from './openssl.ts';
import { type Box, computesTheSame, unlessBroken } from './quick.ts';

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
  return unlessBroken(() => {
    const quick = loadOpenssl(name);
    return computesTheSame(inContext(quick), inContext(nodeAead(name)), nonceSize) ? quick : null;
  });
}

function inContext({ seal, open }: Aead): Box {
  const context = new Uint8Array(5).fill(4);
  return {
    seal: (out, plain, nonce, key) => seal(out, plain, context, nonce, key),
    open: (out, box, nonce, key) => open(out, box, context, nonce, key),
  };
}
