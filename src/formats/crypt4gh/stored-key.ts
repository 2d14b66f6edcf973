/** A secret key as it lies in a file. */
export interface StoredKey {
  readonly format: 'Crypt4GH' | 'OpenSSH';
  /** What protects it: `none`, or the key derivation's name. */
  readonly kdf: string;
  /** '' where there is none, and where it can be read with the passphrase only. */
  readonly comment: string;
  /** The X25519 public key, where the file tells it without the passphrase. */
  readonly publicKey: Uint8Array | null;
  /** The X25519 secret key; null when the passphrase is wrong. With the kdf `none` the passphrase does not matter.
   *  Throws Failure('corrupt') where there is no such key inside. */
  open(passphrase: string): Promise<Uint8Array | null>;
}
