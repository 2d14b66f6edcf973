import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

interface Peer {
  /** Programs it must have on the PATH. */
  readonly programs: readonly string[];
  /** Files that no program stands for. */
  readonly files?: readonly string[];
  readonly packages: readonly string[];
}

const peers = {
  rclone: { programs: ['rclone'], packages: ['rclone'] },
  packers: { programs: ['gpg', 'tar', 'zstd'], packages: ['gnupg', 'tar', 'zstd'] },
  'ssh-keygen': { programs: ['ssh-keygen'], packages: ['openssh-client'] },
  nacl: {
    programs: ['python3'],
    files: ['/usr/lib/python3/dist-packages/nacl', '/usr/lib/python3/dist-packages/bcrypt'],
    packages: ['python3-nacl', 'python3-bcrypt'],
  },
  fuse: {
    programs: ['fusermount3', 'setpriv', 'python3'],
    files: ['/dev/fuse'],
    packages: ['fuse3', 'util-linux', 'python3'],
  },
  libfuse2: {
    programs: ['fusermount'],
    files: ['/usr/lib/x86_64-linux-gnu/libfuse.so.2'],
    packages: ['libfuse2', 'fuse3'],
  },
  gocryptfs: { programs: ['gocryptfs', 'fusermount3'], packages: ['gocryptfs', 'fuse3'] },
  fio: { programs: ['fio'], packages: ['fio'] },
  git: { programs: ['git'], packages: ['git'] },
  sqlite3: { programs: ['sqlite3'], packages: ['sqlite3'] },
  rsync: { programs: ['rsync'], packages: ['rsync'] },
  shells: { programs: ['zsh', 'fish'], packages: ['zsh', 'fish'] },
  vi: { programs: ['vi'], packages: ['vim-tiny'] },
  openssl: { programs: ['openssl'], packages: ['openssl'] },
  swift: {
    programs: ['swift-proxy-server', 'swift-object-server', 'memcached', 'python3', 'setpriv'],
    packages: ['swift-proxy', 'swift-account', 'swift-container', 'swift-object', 'memcached', 'util-linux'],
  },
  'swift-client': { programs: ['swift'], packages: ['python3-swiftclient'] },
  keystone: {
    programs: ['keystone-manage', 'uwsgi_python3', 'setpriv'],
    files: ['/usr/lib/python3/dist-packages/keystonemiddleware'],
    packages: ['keystone', 'uwsgi-core', 'uwsgi-plugin-python3', 'python3-keystonemiddleware', 'util-linux'],
  },
  keyring: {
    programs: ['secret-tool', 'gnome-keyring-daemon', 'dbus-run-session'],
    packages: ['libsecret-tools', 'gnome-keyring', 'dbus-daemon'],
  },
  ceph: {
    programs: ['ceph-mon', 'ceph-osd', 'radosgw', 'radosgw-admin', 'setpriv'],
    packages: ['ceph-mon', 'ceph-osd', 'radosgw', 'util-linux'],
  },
} satisfies Record<string, Peer>;

export type PeerName = keyof typeof peers;

/** Throws, with the command that installs it, when a program that the tests talk to is missing: a test never skips. */
export function requirePeer(name: PeerName): void {
  const peer: Peer = peers[name];
  const missing = [
    ...peer.programs.filter((program) => !isOnPath(program)),
    ...(peer.files ?? []).filter((file) => !existsSync(file)),
  ];
  if (missing.length === 0) return;
  throw new Error(`${name} is missing (${missing.join(', ')}): apt-get install ${peer.packages.join(' ')}`);
}

function isOnPath(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => isExecutable(join(folder, program)));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
