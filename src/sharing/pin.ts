import { Failure } from '../core/failure.ts';

/** What a site remembers of the share that a remote came from, in two keys of its section that rclone ignores. */
export interface Pin {
  /** The fingerprint of the maker's signing key. */
  readonly maker: string;
  readonly serial: number;
}

const makerKey = 'share_maker';
const serialKey = 'share_serial';

export function pinIn(section: ReadonlyMap<string, string> | undefined): Pin | null {
  const maker = section?.get(makerKey);
  const serial = Number(section?.get(serialKey));
  return maker ? { maker, serial: Number.isSafeInteger(serial) ? serial : 0 } : null;
}

export function pinValues({ maker, serial }: Pin): ReadonlyMap<string, string> {
  return new Map([
    [makerKey, maker],
    [serialKey, String(serial)],
  ]);
}

export interface Acceptance {
  /** `--accept-maker`: the fingerprint that was compared with the maker; undefined when none was given. */
  readonly maker: string | undefined;
  /** `--accept-older`. */
  readonly older: boolean;
}

/** Holds a share against what is pinned for the remote `name`. Throws Failure('denied') for another maker and for a
 *  share older than the last one, as somebody who can write where it lies would put there. */
export function checkPin(name: string, pinned: Pin | null, share: Pin, accepted: Acceptance): void {
  if (accepted.maker !== undefined && accepted.maker !== share.maker) {
    throw new Failure(
      'denied',
      `the share was signed by ${share.maker}, not by the maker that --accept-maker names (${accepted.maker})`,
    );
  }
  if (!pinned) return;
  if (pinned.maker !== share.maker) {
    if (accepted.maker === share.maker) return;
    throw new Failure(
      'denied',
      `the share for "${name}" is signed by another key than before: it was ${pinned.maker} and is ${share.maker}. ` +
        `Somebody may have swapped it: ask its maker, and if the key is theirs, add --accept-maker ${share.maker}`,
    );
  }
  if (share.serial >= pinned.serial || accepted.older) return;
  throw new Failure(
    'denied',
    `the share for "${name}" is older than the one you joined: serial ${share.serial}, and yours is ${pinned.serial}. ` +
      'Somebody may have put an old one back: ask its maker for the newest (--accept-older takes it all the same)',
  );
}
