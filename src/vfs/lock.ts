import { type Awaitable, whenEnded } from '../core/awaitable.ts';

/** Runs work side by side where it is `shared`, and alone where it is `exclusive`, in the order that it came. */
export interface Lock {
  /** Whether `shared` would begin at once. */
  readonly isFree: boolean;
  shared<T>(work: () => Promise<T>): Promise<T>;
  shared<T>(work: () => Awaitable<T>): Awaitable<T>;
  exclusive<T>(work: () => Promise<T>): Promise<T>;
  exclusive<T>(work: () => Awaitable<T>): Awaitable<T>;
  /** As `exclusive`, from when it resolves until the returned function is called. */
  take(): Promise<() => void>;
}

interface Waiting {
  readonly isShared: boolean;
  start(): void;
}

export function createLock(): Lock {
  return new QueueLock();
}

/** A class, as each file of a Vfs has two: its methods are there once. */
class QueueLock implements Lock {
  private readonly queue: Waiting[] = [];
  private running = 0;
  private isTaken = false;

  get isFree(): boolean {
    return this.queue.length === 0 && !this.isTaken;
  }

  shared<T>(work: () => Promise<T>): Promise<T>;
  shared<T>(work: () => Awaitable<T>): Awaitable<T>;
  shared<T>(work: () => Awaitable<T>): Awaitable<T> {
    return this.run(true, work);
  }

  exclusive<T>(work: () => Promise<T>): Promise<T>;
  exclusive<T>(work: () => Awaitable<T>): Awaitable<T>;
  exclusive<T>(work: () => Awaitable<T>): Awaitable<T> {
    return this.run(false, work);
  }

  async take(): Promise<() => void> {
    await this.enter(false);
    return () => this.leave();
  }

  private run<T>(isShared: boolean, work: () => Awaitable<T>): Awaitable<T> {
    const held = (): Awaitable<T> => whenEnded(work, () => this.leave());
    const entering = this.enter(isShared);
    return entering ? entering.then(held) : held();
  }

  /** Undefined where there is nothing to wait for. */
  private enter(isShared: boolean): Promise<void> | undefined {
    if (this.isFree && (isShared || this.running === 0)) {
      this.running++;
      this.isTaken = !isShared;
      return undefined;
    }
    return new Promise((start) => this.queue.push({ isShared, start }));
  }

  private leave(): void {
    this.running--;
    this.isTaken = false;
    this.startNext();
  }

  private startNext(): void {
    const { queue } = this;
    while (queue[0] && !this.isTaken && (queue[0].isShared || this.running === 0)) {
      const next = queue.shift() as Waiting;
      this.running++;
      this.isTaken = !next.isShared;
      next.start();
    }
  }
}

/** Runs work on the same key one after another. */
export function createKeyedLock(): <T>(key: string, work: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>();
  return async (key, work) => {
    const before = last.get(key);
    const mine = (async () => {
      await before?.catch(() => {});
      return work();
    })();
    last.set(key, mine);
    try {
      return await mine;
    } finally {
      if (last.get(key) === mine) last.delete(key);
    }
  };
}
