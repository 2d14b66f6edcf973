declare module 'bcrypt-pbkdf' {
  const bcrypt: {
    /** Fills `key`; 0 when that went well. */
    pbkdf(
      password: Uint8Array,
      passwordLength: number,
      salt: Uint8Array,
      saltLength: number,
      key: Uint8Array,
      keyLength: number,
      rounds: number,
    ): number;
  };
  export default bcrypt;
}
