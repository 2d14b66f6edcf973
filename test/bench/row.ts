import type { Sample, Tool } from './measure.ts';

/** One line of the table: the same work for both tools. */
export interface Row {
  readonly name: string;
  /** At most so many times rclone's. Absent: it is shown and not judged. */
  readonly wall?: number;
  readonly cpu?: number;
  /** Peak resident MiB that coffer may use; 200 where absent. */
  readonly memory?: number;
  /** Puts things back to where the work starts. Not measured. */
  prepare?(tool: Tool): Promise<void>;
  /** The command line to be measured, or what measures something else. */
  readonly args?: (tool: Tool) => readonly string[];
  readonly run?: (tool: Tool) => Promise<Sample>;
  /** What is shown beside the two and not judged: a mark to be measured against. */
  readonly beside?: { readonly name: string; run(): Promise<Sample> };
  /** Throws when the work was not done. */
  check?(tool: Tool): Promise<void>;
}

/** Rows over common data, which is made when they are asked for. */
export interface Group {
  readonly name: string;
  rows(bench: Bench): Promise<readonly Row[]>;
}

/** What the rows work with. */
export interface Bench {
  /** In memory; goes at the end. */
  readonly folder: string;
  /** An rclone.conf; `addRemotes` writes to it. */
  readonly config: string;
  addRemotes(sections: Readonly<Record<string, Readonly<Record<string, string>>>>): Promise<void>;
  /** Bytes of the big file. */
  readonly bigSize: number;
  /** Starts servers that end with the benchmark. */
  use<T extends AsyncDisposable>(resource: Promise<T>): Promise<T>;
}
