import type { Device } from './device.ts';

// A program that asks one thing after the other soon has its next request ready. It is waited for, so many milliseconds: to
// be told of it costs as much as to answer it.
const patience = 0.1;

export interface Looking {
  /** Reads what there is: how many requests, null when the mount is gone. */
  read(): number | null;
  /** From how many on there may be more. */
  readonly most: number;
  /** Whether a request waits for something else than its turn. */
  isAnswering(): boolean;
}

/** Calls `read` whenever there may be requests, and resolves when the mount is gone. The event loop gets a turn after
 *  each call. */
export function listen(device: Device, { read, most, isAnswering }: Looking): Promise<void> {
  return new Promise((resolve, reject) => {
    const readable = device.onReadable(look);
    let next: NodeJS.Immediate | undefined;
    let readAt = Number.NEGATIVE_INFINITY;
    let isWaiting = false;

    /** Whether to wait for the next request here, or to be told of it. */
    function wait(isOn: boolean): void {
      isWaiting = isOn;
      readable.tell(!isOn);
    }

    function look(): void {
      clearImmediate(next);
      try {
        if (isWaiting && (isAnswering() || !readable.wait(patience))) wait(false);
        const came = performance.now();
        const count = read();
        if (count !== null) {
          if (!isWaiting && count > 0 && came - readAt < patience) wait(true);
          readAt = performance.now();
          if (isWaiting || count >= most) next = setImmediate(look);
          return;
        }
        resolve();
      } catch (error) {
        reject(error);
      }
      readable.stop();
    }
    look();
  });
}
