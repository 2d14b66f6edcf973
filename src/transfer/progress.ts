/** One file on its way. */
export interface InFlight {
  readonly path: string;
  /** Bytes; -1 when unknown. */
  readonly size: number;
  /** Bytes handed over so far. */
  done: number;
  /** Milliseconds, of the clock that `createProgress` was given. */
  readonly startedAt: number;
}

/** The counters of one run, mutated by whoever does the work and read by whoever shows it. */
export interface Progress {
  readonly startedAt: number;
  readonly now: () => number;
  bytes: number;
  totalBytes: number;
  checks: number;
  totalChecks: number;
  transfers: number;
  totalTransfers: number;
  deletes: number;
  deletedFolders: number;
  renames: number;
  errors: number;
  /** The first error that was counted, kept for the exit code. */
  firstError: unknown;
  readonly inFlight: Set<InFlight>;
  readonly checking: Set<string>;
  /** While a question to the user stands on the terminal: nothing is to be drawn over it. */
  isAsking: boolean;
}

export function createProgress(now: () => number): Progress {
  return {
    startedAt: now(),
    now,
    bytes: 0,
    totalBytes: 0,
    checks: 0,
    totalChecks: 0,
    transfers: 0,
    totalTransfers: 0,
    deletes: 0,
    deletedFolders: 0,
    renames: 0,
    errors: 0,
    firstError: undefined,
    inFlight: new Set(),
    checking: new Set(),
    isAsking: false,
  };
}

/** Shows a file as on its way, until it is taken out of `inFlight`. `size`: bytes; -1 when unknown. */
export function startFlight({ inFlight, now }: Progress, path: string, size: number): InFlight {
  const flight = { path, size, done: 0, startedAt: now() };
  inFlight.add(flight);
  return flight;
}

/** Counts a transfer that is to come. `size`: bytes; -1 when unknown. */
export function expectTransfer(progress: Progress, size: number): void {
  progress.totalTransfers++;
  progress.totalBytes += Math.max(0, size);
}

/** Takes it back: nothing has to be carried after all. */
export function dropTransfer(progress: Progress, size: number): void {
  progress.totalTransfers--;
  progress.totalBytes -= Math.max(0, size);
}
