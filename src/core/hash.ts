/** Hashes that stores keep, in rclone's spelling; values are lower-case hex. */
export type HashType = 'md5' | 'sha1' | 'sha256' | 'sha512';
export const hashTypes: readonly HashType[] = ['md5', 'sha1', 'sha256', 'sha512'];
