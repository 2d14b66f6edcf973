/** A running stack. Disposing of it ends its processes and removes its data; so does the end of this process. */
export interface Server<Access> extends AsyncDisposable {
  /** Plain data: where it is and how to get in. */
  readonly access: Access;
  /** The leaders of its processes, to account for their CPU time. */
  readonly pids: readonly number[];
}
