/** Adds `count` to a nonce in place: a number of as many bits as it has, least significant byte first, wrapping around. */
export function advanceNonce(nonce: Uint8Array, count: number): void {
  let carry = count;
  for (let i = 0; i < nonce.length && carry > 0; i++) {
    const sum = (nonce[i] ?? 0) + (carry % 256);
    nonce[i] = sum;
    carry = Math.floor(carry / 256) + (sum >> 8);
  }
}

/** The nonce of chunk `index` of a file whose first chunk has the nonce `first`. */
export function nonceOfChunk(first: Uint8Array, index: number): Uint8Array {
  const nonce = new Uint8Array(first);
  advanceNonce(nonce, index);
  return nonce;
}
