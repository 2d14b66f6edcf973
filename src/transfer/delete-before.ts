import type { Location } from '../core/remote.ts';
import type { Backup } from './backup.ts';
import { createDeletions } from './deletions.ts';
import { march } from './march.ts';
import { requirePresent } from './presence.ts';
import type { Session } from './session.ts';

/** Deletes on the target what the source has not, for `--delete-before`: once both trees have been read whole. False where there
 *  was an error, and nothing is to be copied. */
export async function deleteBefore(
  session: Session,
  from: Location,
  to: Location,
  backup: Backup | null,
): Promise<boolean> {
  const targetOnly = createDeletions(session, to, backup);
  let isSourceEmpty = true;
  await march(
    session,
    from,
    to,
    async (pairs) => {
      for (const { source, target } of pairs) {
        if (source) isSourceEmpty = false;
        else if (target) targetOnly.add(target);
      }
    },
    { targetOnly: true, mayProbe: true },
  );
  if (isSourceEmpty) await requirePresent(session, from, 'nothing was deleted');
  await targetOnly.run();
  return session.progress.errors === 0;
}
