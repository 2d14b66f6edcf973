import { Failure } from '../core/failure.ts';
import { longestDelay } from '../core/timer.ts';
import type { Session } from './session.ts';

/** Does `work` for as long as `--max-duration` lets it: then nothing more is begun, and, with a hard cutoff, what is under way
 *  is broken off. Throws Failure('fatal') where that time was reached, as rclone does even when all was done by then. */
export async function withinDuration(session: Session, work: (session: Session) => Promise<void>): Promise<void> {
  const { maxDuration } = session.options;
  const { cutoff, progress } = session;
  if (!cutoff || maxDuration <= 0 || maxDuration > longestDelay) return work(session);
  const stop = new AbortController();
  const end = progress.now() + maxDuration;
  let isOver = false;
  const timer = setTimeout(() => {
    isOver = true;
    cutoff.reach(reached());
    if (cutoff.mode === 'hard') stop.abort(reached());
  }, maxDuration);
  try {
    await work({ ...session, signal: AbortSignal.any([session.signal, stop.signal]) });
  } catch (error) {
    if (session.signal.aborted || !isOver) throw error;
  } finally {
    clearTimeout(timer);
  }
  if (isOver || progress.now() > end) throw reached();
}

function reached(): Failure {
  return new Failure('fatal', 'max transfer duration reached as set by --max-duration');
}
