import { randomBytes } from 'node:crypto';
import type { Rights } from '../../core/access.ts';
import { collect, sourceOf } from '../../core/bytes.ts';
import { isAbsence, isFailure } from '../../core/failure.ts';
import { joinPath } from '../../core/path.ts';
import { pause } from '../../core/pause.ts';
import type { Call, Location } from '../../core/remote.ts';

/** One thing that another project tried. */
export interface Trial {
  /** `read` is of an object that was there, `read-new` of one that its owner put for the trial. */
  readonly what: 'list' | 'read' | 'read-new' | 'write';
  readonly isAllowed: boolean;
  readonly isExpected: boolean;
}

export interface Proof {
  readonly trials: readonly Trial[];
  /** An object that is there and that the other project could read, where it should not; null where there is none. */
  readonly readable: string | null;
}

export interface ProofRequest {
  /** The bucket, with the owner's login. */
  readonly own: Location;
  /** The same bucket, with the login of the other project. */
  readonly other: Location;
  readonly expected: Rights;
  /** Whether to try to write: nothing is written by the other project where it is not to be known. */
  readonly triesWriting: boolean;
}

// A store's gateways tell each other of new rules: what is not yet as expected is tried again after these waits, which
// all trials share.
const waits = [500, 1000, 2000];

/** Tries with another project's own login what it may do: list the bucket, read the first byte of an object that its
 *  owner puts there for the trial, put an object and remove it. Nothing of the trial stays.
 *  Throws Failure when the owner cannot put its object, or for a reason that says nothing of rights. */
export async function proveAccess({ own, other, expected, triesWriting }: ProofRequest, call: Call): Promise<Proof> {
  const mark = randomBytes(8).toString('hex');
  const probe = joinPath(own.path, `coffer-access-${mark}`);
  const present = await anObject(own, call);
  const trials: Trial[] = [];
  const patience = [...waits];
  const attempt = async (what: Trial['what'], isExpected: boolean, act: () => Promise<void>): Promise<void> => {
    trials.push({ what, isExpected, isAllowed: await settled(isExpected, () => isAllowed(act), patience, call) });
  };
  await own.remote.write(probe, sourceOf(Buffer.from(mark)), { isNew: true }, call);
  try {
    await attempt('list', expected.read, () => firstPage(other, call));
    await attempt('read-new', expected.read, () => firstByte(other.remote, probe, call));
    if (triesWriting) await attempt('write', expected.write, () => putAndRemove(own, other, `${probe}-theirs`, call));
  } finally {
    await own.remote.remove(probe);
  }
  const reads = present !== null && (await isAllowed(() => firstByte(other.remote, present, call)));
  if (expected.read && present !== null) trials.push({ what: 'read', isExpected: true, isAllowed: reads });
  return { trials, readable: reads && !expected.read ? present : null };
}

async function settled(
  isExpected: boolean,
  ask: () => Promise<boolean>,
  patience: number[],
  call: Call,
): Promise<boolean> {
  for (;;) {
    const answer = await ask();
    const wait = answer === isExpected ? undefined : patience.shift();
    if (wait === undefined) return answer;
    await pause(wait, call.signal);
  }
}

/** False where the store refuses it, or does not even show what is there. Throws any other failure. */
async function isAllowed(act: () => Promise<void>): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (error) {
    if (isFailure(error, 'denied') || isAbsence(error)) return false;
    throw error;
  }
}

async function anObject({ remote, path }: Location, call: Call): Promise<string | null> {
  const pages = remote.walk?.(path, call) ?? remote.list(path, call);
  for await (const page of pages) {
    for (const entry of page) if (entry.kind === 'file' && entry.size !== 0) return entry.path;
  }
  return null;
}

async function firstPage({ remote, path }: Location, call: Call): Promise<void> {
  for await (const _ of remote.list(path, call)) return;
}

async function firstByte(remote: Location['remote'], path: string, call: Call): Promise<void> {
  await collect(remote.read(path, { start: 0, end: 1 }, call));
}

/** The owner clears away what the other project could not. */
async function putAndRemove(own: Location, other: Location, path: string, call: Call): Promise<void> {
  await other.remote.write(path, sourceOf(Buffer.from('probe')), { isNew: true }, call);
  try {
    await other.remote.remove(path, call);
  } catch (error) {
    await own.remote.remove(path);
    throw error;
  }
}
