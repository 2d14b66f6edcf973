import type { Source } from '../core/bytes.ts';
import type { FileEntry, Nanoseconds } from '../core/entry.ts';
import { Failure } from '../core/failure.ts';
import type { Remote } from '../core/remote.ts';
import type { Report } from '../core/report.ts';
import { type Cutting, startCutting } from './cutting.ts';
import { keepOther, type Sent } from './keep-other.ts';
import { entryAt } from './remote-metadata.ts';

export interface FileHead {
  readonly modified: Nanoseconds;
  readonly attributes: Uint8Array | null;
}

/** What is sent, as it is at one moment. */
export interface Outgoing {
  readonly path: string;
  /** The version that this one was made from; null for a new file. */
  readonly known: FileEntry | null;
  readonly source: Source;
  readonly head: FileHead;
}

/** What an earlier run may have left on the remote. */
export interface Earlier {
  /** What it has left to send, and may have sent; null for nothing. */
  readonly tried: Sent | null;
  readonly mayHaveArrived: boolean;
}

/** Puts one file on the remote, each time its content has changed, one try at a time. A class, as each open file has one: its
 *  methods are there once. */
export class Sender {
  /** Whether the remote may have what a try sent that failed or was cut: `look` tells. */
  mayHaveArrived: boolean;
  private readonly remote: Remote;
  private readonly report: Report;
  private last: Sent | null;
  private running: Cutting | null = null;

  constructor(remote: Remote, report: Report, { tried, mayHaveArrived }: Earlier) {
    this.remote = remote;
    this.report = report;
    this.last = tried;
    this.mayHaveArrived = mayHaveArrived;
  }

  /** One try: sends whole what `prepare` gives, and returns the entry that the remote has then, with its time; null where it
   *  was cut. What others have put in the place of the known version is kept as `keepOther` does, and what has the name of a new
   *  file that an earlier run has left. */
  async send(prepare: (signal: AbortSignal) => Promise<Outgoing>): Promise<FileEntry | null> {
    const cutting = startCutting();
    this.running = cutting;
    try {
      const outgoing = await prepare(cutting.signal);
      const { path, known, source, head } = outgoing;
      if (known || this.last) {
        await keepOther(this.remote, { path, known, tried: this.last, signal: cutting.signal }, this.report);
        this.last = { size: source.size, modified: head.modified };
      }
      const entry = await sendFile(this.remote, outgoing, cutting);
      this.last = null;
      this.mayHaveArrived = false;
      return entry;
    } catch (error) {
      this.mayHaveArrived ||= cutting.mayHaveArrived(error);
      if (!cutting.isCut) throw error;
      return null;
    } finally {
      cutting.ended();
      this.running = null;
    }
  }

  /** Ends the try that is under way, as `Cutting.cut` does. */
  cut(): void {
    this.running?.cut();
  }

  /** What the remote has at `path`; null where that is nothing. */
  async look(path: string): Promise<FileEntry | null> {
    const entry = await entryAt(this.remote, path);
    this.mayHaveArrived = false;
    return entry;
  }
}

async function sendFile(remote: Remote, { path, source, head }: Outgoing, cutting: Cutting): Promise<FileEntry> {
  const { modified, attributes } = head;
  const info = {
    ...(remote.features.modifiedPrecision !== null && { modified }),
    // Empty ones did not open: they are not sent on, and go with the version that they belong to.
    ...(attributes !== null && attributes.length > 0 && { attributes }),
  };
  const { signal, onSending } = cutting;
  const written = await remote.write(path, cutting.watched(source), info, { signal, onSending });
  if (written.size >= 0 && written.size !== source.size) {
    const message = `${path}: ${written.size} bytes arrived of ${source.size}`;
    throw new Failure('corrupt', message, { path, retryable: true });
  }
  return { ...written, modified: written.modified ?? modified, attributes };
}
