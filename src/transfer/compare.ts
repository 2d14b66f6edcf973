import type { Awaitable } from '../core/awaitable.ts';
import type { FileEntry, Nanoseconds } from '../core/entry.ts';
import { type HashType, hashTypes } from '../core/hash.ts';
import { joinPath } from '../core/path.ts';
import type { Location } from '../core/remote.ts';
import type { Session } from './session.ts';

/** A file that stands on both sides. The entries' paths are relative to their locations. */
export interface Match {
  readonly from: Location;
  readonly source: FileEntry;
  readonly to: Location;
  readonly target: FileEntry;
}

/** What to do with a file that stands on both sides, and why; the reasons are shown at -vv. */
export type Verdict =
  | { readonly act: 'keep'; readonly why: string }
  | { readonly act: 'transfer'; readonly why: string }
  | { readonly act: 'set-time'; readonly why: string; readonly modified: Nanoseconds };

const keep = (why: string): Verdict => ({ act: 'keep', why });
const transfer = (why: string): Verdict => ({ act: 'transfer', why });

/** What is said of two files of one size and time. */
export const alike = keep('Size and modification time the same');

/** Whether the listings by themselves tell that the source need not be copied over the target, as in most pairs of most runs.
 *  Then nobody is asked, not even how finely the times are kept, which takes the local remote milliseconds to find out. */
export function areAlike({ options }: Session, { from, source, to, target }: Match): boolean {
  if (options.update || options.ignoreTimes || options.checksum || options.sizeOnly) return false;
  if (!from.remote.features.listsModified || !to.remote.features.listsModified) return false;
  return source.size === target.size && source.modified !== null && source.modified === target.modified;
}

/** Whether the source must be copied over the target: rclone's rules, in rclone's order (fs/operations NeedTransfer and
 *  Equal). Asks the stores only for what the flags need. */
export async function compareFiles(session: Session, match: Match): Promise<Verdict> {
  const { options } = session;
  if (options.ignoreExisting) return keep('Destination exists, skipping');
  if (options.ignoreTimes) return transfer('Transferring unconditionally as --ignore-times is in use');
  if (options.update) return compareAges(session, match);
  return compareContents(session, match);
}

/** The same, whatever the flags say of files that stand at the target already. */
export async function compareContents(session: Session, match: Match): Promise<Verdict> {
  const { options } = session;
  if (await sizesDiffer(session, match)) return transfer('Sizes differ');
  if (options.sizeOnly) return keep('Sizes identical');
  if (options.checksum) return compareChecksums(session, match);
  return compareTimes(session, match);
}

/** Unless --ignore-size says so; an unknown size differs from none. The stores are asked where sizes that were only
 *  estimated seem to differ. */
export async function sizesDiffer(session: Session, { from, source, to, target }: Match): Promise<boolean> {
  if (session.options.ignoreSize || !areUnequal(source, target)) return false;
  if (!source.isSizeEstimated && !target.isSizeEstimated) return true;
  return areUnequal(await withTrueSize(session, from, source), await withTrueSize(session, to, target));
}

function areUnequal(a: FileEntry, b: FileEntry): boolean {
  return a.size >= 0 && b.size >= 0 && a.size !== b.size;
}

/** The file with its true size, asked of the store where its listing only estimated it. */
export function withTrueSize(session: Session, at: Location, file: FileEntry): Awaitable<FileEntry> {
  if (!file.isSizeEstimated) return file;
  return statOf(session, at, file).then(({ size }) => ({ ...file, size, isSizeEstimated: false }));
}

/** Where no times are kept, those of the upload count. */
const uploadWindow: Nanoseconds = 1_000_000_000n;

async function compareAges(session: Session, match: Match): Promise<Verdict> {
  const { options } = session;
  const { from, to } = match;
  const window = modifyWindow(session, from, to) ?? uploadWindow;
  const timed = await withTimes(session, match);
  const age = timed.target.modified - timed.source.modified;
  if (age >= window) return keep('Destination is newer than source, skipping');
  if (await sizesDiffer(session, match)) return transfer('Sizes differ');
  const isOlder = age <= -window;
  if (isOlder ? options.sizeOnly : !options.checksum) return keep('Sizes identical');
  return options.checksum ? compareChecksums(session, match) : compareHashes(session, timed);
}

async function compareChecksums(session: Session, match: Match): Promise<Verdict> {
  const hashes = await hashesOf(session, match);
  if (!hashes) return keep('Sizes identical, no hash in common');
  return hashes.source === hashes.target
    ? keep(`Size and ${hashes.type} of src and dst objects identical`)
    : transfer(`${hashes.type} differ`);
}

async function compareTimes(session: Session, match: Match): Promise<Verdict> {
  const window = modifyWindow(session, match.from, match.to);
  if (window === null) return keep('Sizes identical');
  const timed = await withTimes(session, match);
  if (isWithin(window, timed.target.modified - timed.source.modified)) return alike;
  return compareHashes(session, timed);
}

type TimedFile = FileEntry & { readonly modified: Nanoseconds };

interface TimedMatch extends Match {
  readonly source: TimedFile;
  readonly target: TimedFile;
}

async function withTimes(session: Session, match: Match): Promise<TimedMatch> {
  const source = await withTime(session, match.from, match.source);
  return { ...match, source, target: await withTime(session, match.to, match.target) };
}

/** The file with its modification time and, where the store is asked for that, the hashes that come with it. */
async function withTime(session: Session, at: Location, file: FileEntry): Promise<TimedFile> {
  const listed = listedTime(at, file);
  if (listed !== null) return { ...file, modified: listed };
  const { modified, hashes } = await statOf(session, at, file);
  return { ...file, modified: modified ?? 0n, ...(hashes && { hashes }) };
}

/** Of two files whose times differ. */
async function compareHashes(session: Session, match: TimedMatch): Promise<Verdict> {
  const hashes = await hashesOf(session, match);
  if (!hashes && !session.options.refreshTimes) return transfer('Modification times differ');
  if (hashes && hashes.source !== hashes.target) return transfer(`Modification times and ${hashes.type} differ`);
  const why = `Modification times differ, ${hashes ? hashes.type : 'size'} the same`;
  return session.options.noUpdateModified || !match.to.remote.setModified
    ? keep(why)
    : { act: 'set-time', why, modified: match.source.modified };
}

/** The coarsest step of both sides and --modify-window; null where one side keeps no times. */
export function modifyWindow(session: Session, from: Location, to: Location): Nanoseconds | null {
  const steps = [from.remote.features.modifiedPrecision, to.remote.features.modifiedPrecision];
  let window = session.options.modifyWindow;
  for (const step of steps) {
    if (step === null) return null;
    if (step > window) window = step;
  }
  return window;
}

/** Whether two times that are so far apart are the same as far as both sides can tell. */
export function isWithin(window: Nanoseconds, difference: Nanoseconds): boolean {
  return difference < window && difference > -window;
}

/** The file's modification time, asked of the store where its listing has none. */
export function modifiedOf(session: Session, at: Location, file: FileEntry): Awaitable<Nanoseconds> {
  return listedTime(at, file) ?? statOf(session, at, file).then(({ modified }) => modified ?? 0n);
}

function listedTime(at: Location, file: FileEntry): Nanoseconds | null {
  return at.remote.features.listsModified ? file.modified : null;
}

function statOf(session: Session, at: Location, file: FileEntry): Promise<FileEntry> {
  return at.remote.stat(joinPath(at.path, file.path), { signal: session.signal });
}

/** The first hash that both sides keep. */
export function commonHash(a: Location, b: Location): HashType | null {
  return hashTypes.find((type) => keeps(a, type) && keeps(b, type)) ?? null;
}

function keeps({ remote }: Location, type: HashType): boolean {
  return remote.features.hashes.includes(type) && remote.hash !== undefined;
}

export interface HashPair {
  readonly type: HashType;
  readonly source: string;
  readonly target: string;
}

/** Both files' hashes of a common type; null where there is none, or a store does not know this object's. */
export async function hashesOf(session: Session, { from, source, to, target }: Match): Promise<HashPair | null> {
  const type = commonHash(from, to);
  if (!type) return null;
  const ofSource = (): Promise<string | null> => hashOf(session, from, source, type);
  const ofTarget = (): Promise<string | null> => hashOf(session, to, target, type);
  // The cheap side first: where it does not know, the expensive one need not be read.
  const [first, second] = from.remote.features.slowHashes ? [ofTarget, ofSource] : [ofSource, ofTarget];
  const one = await first();
  const other = one === null ? null : await second();
  if (one === null || other === null) return null;
  return first === ofSource ? { type, source: one, target: other } : { type, source: other, target: one };
}

/** One file's hash, from its listing where that carries it; null where the store does not know it. */
export async function hashOf(session: Session, at: Location, file: FileEntry, type: HashType): Promise<string | null> {
  const listed = file.hashes?.[type];
  if (listed) return listed;
  return (await at.remote.hash?.(joinPath(at.path, file.path), type, { signal: session.signal })) ?? null;
}
