import { isAbsence } from '../../core/failure.ts';
import { everything } from '../../transfer/filter/everything.ts';
import { expectTransfer } from '../../transfer/progress.ts';
import { mayChange, type Session } from '../../transfer/session.ts';
import { walk } from '../../transfer/walk.ts';
import type { Candidate } from './begin.ts';
import { findLeftovers } from './leftovers.ts';

/** Shows what a rekey would encrypt anew, and changes nothing. */
export async function previewRekey(session: Session, { crypt, label, remote }: Candidate): Promise<void> {
  const { progress } = session;
  const show = async (path: string, size: number): Promise<void> => {
    expectTransfer(progress, size);
    progress.transfers++;
    progress.bytes += Math.max(0, size);
    await mayChange(session, 're-encrypt', path, size);
  };
  try {
    if (crypt.transition) {
      await findLeftovers(session, crypt, crypt.transition, show);
      return;
    }
    const whole = { ...session, filter: everything };
    await walk(whole, { remote, path: '' }, async (page) => {
      for (const entry of page) if (entry.kind === 'file') await show(entry.path, entry.size);
    });
  } catch (error) {
    if (!isAbsence(error)) throw error;
    session.report.notice(label, 'there is nothing yet');
  }
}
