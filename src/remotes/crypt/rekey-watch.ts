import type { Call, Location } from '../../core/remote.ts';
import { lookOnce } from './look-once.ts';
import { findMarker } from './rekey-marker.ts';
import type { CryptSettings } from './settings.ts';

/** Looks, once, whether the remote is being given new passwords, and says so: without a word its files would seem to vanish
 *  one by one. */
export interface RekeyWatch {
  look(call?: Call): Promise<void>;
}

export function createRekeyWatch(base: Location, settings: CryptSettings): RekeyWatch {
  const { label, cipher, report } = settings;

  const look = lookOnce(settings, 'it is being given new passwords', async (call) => {
    const found = await findMarker(base, cipher, call);
    if (!found) return;
    const modified = found.content?.since ?? found.modified;
    const since = modified === null ? '' : sinceDate(modified);
    const advice = found.content
      ? `you have the new ones: "coffer rekey ${label}" fetches the previous ones and goes on`
      : 'ask its maker for a new share';
    report.notice(label.replace(/:$/, ''), `is being given new passwords${since}; ${advice}`);
  });
  return { look };
}

// The store may say any time, even one that is in no calendar.
function sinceDate(modified: bigint): string {
  const date = new Date(Number(modified / 1_000_000n));
  return Number.isNaN(date.getTime()) ? '' : ` since ${date.toISOString().slice(0, 10)}`;
}
