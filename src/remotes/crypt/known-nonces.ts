const mostKept = 256;

/** The nonces of files that were lately read from their middle, by sealed path: to read there again, the header is not
 *  needed. If the file was replaced since, none of its chunks opens with the known nonce. */
export interface KnownNonces {
  get(sealedPath: string): Uint8Array | undefined;
  set(sealedPath: string, nonce: Uint8Array): void;
}

export function createKnownNonces(): KnownNonces {
  // In the order of their last use.
  const nonces = new Map<string, Uint8Array>();

  function set(sealedPath: string, nonce: Uint8Array): void {
    nonces.delete(sealedPath);
    nonces.set(sealedPath, nonce);
    const [oldest] = nonces.keys();
    if (nonces.size > mostKept && oldest !== undefined) nonces.delete(oldest);
  }

  return {
    get(sealedPath) {
      const nonce = nonces.get(sealedPath);
      if (nonce) set(sealedPath, nonce);
      return nonce;
    },
    set,
  };
}
