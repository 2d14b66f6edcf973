import type { Tool } from './measure.ts';

/** One line of the table: the same work for both tools. */
export interface Row {
  readonly name: string;
  /** At most so many times rclone's. */
  readonly wall: number;
  readonly cpu: number;
  /** Puts things back to where the work starts. Not measured. */
  prepare?(tool: Tool): Promise<void>;
  args(tool: Tool): readonly string[];
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
