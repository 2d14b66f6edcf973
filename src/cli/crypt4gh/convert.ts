import { throwIfCancelled } from '../../core/cancel.ts';
import { Failure } from '../../core/failure.ts';
import { joinPath } from '../../core/path.ts';
import { type CopyOptions, copyFile } from '../../transfer/copy-file.ts';
import { placeName } from '../../transfer/place.ts';
import { createPool } from '../../transfer/pool.ts';
import { dropTransfer, expectTransfer } from '../../transfer/progress.ts';
import { countError, mayChange, type Session } from '../../transfer/session.ts';
import { statAt } from '../../transfer/walk.ts';
import type { CommandContext } from '../command.ts';
import type { Item, VisitItems } from './items.ts';

/** What becomes of one file. */
export interface Conversion extends Required<Pick<CopyOptions, 'convert'>> {
  /** Called once it stands. */
  done?(): Promise<void>;
}

export interface Work {
  /** `encrypt`: of messages. */
  readonly verb: string;
  /** Whether what stands at a target is replaced. */
  readonly force: boolean;
  readonly visitItems: VisitItems;
  readonly onPassedOver: Parameters<VisitItems>[1];
  /** Throws Failure for a file that must not be converted. */
  convert(item: Item): Conversion;
}

/** Converts each file, several at once. One that fails is counted and told, and the others go on; each target is whole or
 *  was not touched. */
export async function convertAll({ session }: Pick<CommandContext, 'session'>, work: Work): Promise<void> {
  const pool = createPool(session.options.transfers, session.options.maxBacklog);
  const claimed = new Set<string>();
  await work
    .visitItems(async (item) => {
      throwIfCancelled(session.signal);
      expectTransfer(session.progress, item.file.size);
      const target = targetName(item);
      const isTwin = claimed.has(target);
      claimed.add(target);
      await pool.add(() => convertOne(session, work, item, target, isTwin));
    }, work.onPassedOver)
    .finally(() => pool.drain());
}

/** `target` is what messages call the place of what comes out; `isTwin`: another of the files has it. */
async function convertOne(session: Session, work: Work, item: Item, target: string, isTwin: boolean): Promise<void> {
  const { from, file, to, path } = item;
  try {
    throwIfCancelled(session.signal);
    if (isTwin)
      throw new Failure('exists', `two of the files would become ${target}: give them other places`, { path });
    const existing = await statAt(session, to, path);
    if (existing && session.options.ignoreExisting) return dropTransfer(session.progress, file.size);
    if (existing && !work.force) throw new Failure('exists', `${target} exists already: --force replaces it`, { path });
    const { convert, done } = work.convert(item);
    if (!(await mayChange(session, work.verb, file.path, file.size))) return dropTransfer(session.progress, file.size);
    await copyFile(session, { from, file, to, path, isNew: existing === null, convert });
    await done?.();
    session.report.info(file.path, `${work.verb}ed to ${target}`);
  } catch (error) {
    countError(session, file.path, `Failed to ${work.verb}`, error);
  }
}

function targetName({ to, path }: Item): string {
  return placeName({ remote: to.remote, path: joinPath(to.path, path) });
}
