/** rclone's flags of a mount that concern the tree, worked out. */
export interface VfsOptions {
  readonly isReadOnly: boolean;
  readonly uid: number;
  readonly gid: number;
  /** Permission bits, the umask taken off. */
  readonly folderMode: number;
  readonly fileMode: number;
  /** Milliseconds that a listing holds good. */
  readonly folderCacheTime: number;
  /** Milliseconds between two looks at the folders in use, for what others have changed; 0 for none. */
  readonly pollInterval: number;
  /** False spares the store the question after each file's modification time. */
  readonly usesModified: boolean;
  /** Bytes of attributes that the remote keeps of a file: 0 for none, then modes and owners hold until the Vfs ends. */
  readonly attributeRoom: number;
  /** Whether files belong to `uid` and `gid`, whatever the remote keeps. */
  readonly overridesOwner: boolean;
  /** Whether text files that end in `.rclonelink` are symlinks. */
  readonly usesLinks: boolean;
}

/** rclone's defaults, but for symlinks. */
export const defaultVfsOptions: VfsOptions = {
  isReadOnly: false,
  uid: process.getuid?.() ?? 0,
  gid: process.getgid?.() ?? 0,
  folderMode: 0o777 & ~0o022,
  fileMode: 0o666 & ~0o022,
  folderCacheTime: 300_000,
  pollInterval: 60_000,
  usesModified: true,
  attributeRoom: 0,
  overridesOwner: false,
  usesLinks: true,
};
