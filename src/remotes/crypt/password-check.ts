import type { Failure } from '../../core/failure.ts';
import { isValidText } from '../../core/name-bytes.ts';
import { relativePath } from '../../core/path.ts';
import type { Call, Location } from '../../core/remote.ts';
import { lookOnce } from './look-once.ts';
import { isReserved, shareName } from './reserved.ts';
import type { CryptSettings } from './settings.ts';
import { wrongPassword } from './tally.ts';

/** Tells, once, a folder that is not there from one that is there under another password's name: with a wrong password
 *  every folder would seem to be new. */
export interface PasswordCheck {
  /** Throws Failure('wrong-password') where the folder that the remote stands on has sealed names and none opens. */
  check(call?: Call): Promise<void>;
}

export function createPasswordCheck(base: Location, settings: CryptSettings): PasswordCheck {
  const { label, names } = settings;
  let failure: Failure | null = null;

  const look = lookOnce(settings, 'the password is right', async (call) => {
    let count = 0;
    let sawShare = false;
    for await (const page of base.remote.list(base.path, call)) {
      for (const { kind, path } of page) {
        const sealed = relativePath(base.path, path);
        sawShare ||= sealed === shareName;
        if (isReserved(sealed) || !names.looksSealed(sealed)) continue;
        const plain = kind === 'file' ? names.openFile(sealed) : names.openFolder(sealed);
        if (plain !== null && isValidText(plain)) return;
        count++;
      }
    }
    if (count > 0) failure = wrongPassword(label, '', count, sawShare);
  });

  return {
    // Who may not list the top folder, or cannot now, may well use the one that was asked for.
    async check(call) {
      await look(call);
      if (failure) throw failure;
    },
  };
}
