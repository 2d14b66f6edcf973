import type { Source } from '../core/bytes.ts';
import type { FileEntry } from '../core/entry.ts';
import type { HashType } from '../core/hash.ts';
import { joinPath } from '../core/path.ts';
import type { Location } from '../core/remote.ts';
import type { CryptRemote } from '../remotes/crypt/as-crypt.ts';
import type { CompareContents } from './check.ts';
import { withRetries } from './retry.ts';
import type { Session } from './session.ts';

/** Compares a plain file with a sealed one by the hash that the sealed one's store keeps: the plain file is sealed again
 *  under the nonce of the other. `to` lies on `crypt`. */
export function bySealing(
  session: Session,
  from: Location,
  to: Location,
  crypt: CryptRemote,
  type: HashType,
): CompareContents {
  const call = { signal: session.signal };
  return (file, target) =>
    withRetries(session, file.path, async () => {
      const path = joinPath(to.path, target.path);
      const stored = await crypt.storedHash(path, type, call);
      if (!stored) return 'unknown';
      const expected = await crypt.sealedHash(path, sourceAt(session, from, file), type, call);
      return stored === expected ? 'same' : { differs: `hashes differ: ${type} ${expected} vs ${stored}` };
    });
}

function sourceAt(session: Session, at: Location, file: FileEntry): Source {
  const path = joinPath(at.path, file.path);
  return {
    size: file.size < 0 ? null : file.size,
    replayable: true,
    open: (range) => at.remote.read(path, range, { signal: session.signal }),
  };
}
