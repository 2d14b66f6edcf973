import { Failure } from '../core/failure.ts';

/** What a site remembers of the share that a remote came from, in keys of its section that rclone ignores. */
export interface Pin {
  /** The fingerprint of the maker's signing key. */
  readonly maker: string;
  readonly serial: number;
  /** Where the share said that the sealed files lie, below the store; null for a folder of each site. */
  readonly place: string | null;
}

const makerKey = 'share_maker';
const serialKey = 'share_serial';
const placeKey = 'share_place';

export function pinIn(section: ReadonlyMap<string, string> | undefined): Pin | null {
  const maker = section?.get(makerKey);
  const serial = Number(section?.get(serialKey));
  return maker
    ? { maker, serial: Number.isSafeInteger(serial) ? serial : 0, place: section?.get(placeKey) || null }
    : null;
}

export function pinValues({ maker, serial, place }: Pin): ReadonlyMap<string, string> {
  const values = new Map([
    [makerKey, maker],
    [serialKey, String(serial)],
  ]);
  return place === null ? values : values.set(placeKey, place);
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
  const isAccepted = pinned.maker === share.maker ? accepted.older : accepted.maker === share.maker;
  const complaint = isAccepted ? null : complaintOf(name, pinned, share);
  if (complaint !== null) throw new Failure('denied', complaint);
}

/** The same, but of the maker alone, for a remote that stands where the share was found: a swapped one may give itself
 *  another name. */
export function checkMaker(name: string, pinned: Pin | null, share: Pin, accepted: Acceptance): void {
  checkPin(name, pinned && { ...pinned, serial: 0 }, share, accepted);
}

/** What is wrong with a share that came after the pinned one; null when nothing is. */
export function complaintOf(name: string, pinned: Pin, share: Pin): string | null {
  if (pinned.maker !== share.maker) {
    return (
      `the share for "${name}" is signed by another key than before: it was ${pinned.maker} and is ${share.maker}. ` +
      `Somebody may have swapped it: ask its maker, and if the key is theirs, join with --accept-maker ${share.maker}`
    );
  }
  if (share.serial >= pinned.serial) return null;
  return (
    `the share for "${name}" is older than the last one: its serial is ${share.serial}, and you have seen ${pinned.serial}. ` +
    'Somebody may have put an old one back: ask its maker for the newest (to join it all the same: --accept-older)'
  );
}
