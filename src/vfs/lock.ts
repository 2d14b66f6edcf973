/** Runs work side by side where it is `shared`, and alone where it is `exclusive`, in the order that it came. */
export interface Lock {
  shared<T>(work: () => Promise<T>): Promise<T>;
  exclusive<T>(work: () => Promise<T>): Promise<T>;
  /** As `exclusive`, from when it resolves until the returned function is called. */
  take(): Promise<() => void>;
}

interface Waiting {
  readonly isShared: boolean;
  start(): void;
}

export function createLock(): Lock {
  const queue: Waiting[] = [];
  let running = 0;
  let isTaken = false;

  function startNext(): void {
    while (queue[0] && !isTaken && (queue[0].isShared || running === 0)) {
      const next = queue.shift() as Waiting;
      running++;
      isTaken = !next.isShared;
      next.start();
    }
  }

  /** Undefined where there is nothing to wait for. */
  function enter(isShared: boolean): Promise<void> | undefined {
    if (queue.length === 0 && !isTaken && (isShared || running === 0)) {
      running++;
      isTaken = !isShared;
      return undefined;
    }
    return new Promise((start) => queue.push({ isShared, start }));
  }

  function leave(): void {
    running--;
    isTaken = false;
    startNext();
  }

  async function run<T>(isShared: boolean, work: () => Promise<T>): Promise<T> {
    await enter(isShared);
    try {
      return await work();
    } finally {
      leave();
    }
  }

  return {
    shared: (work) => run(true, work),
    exclusive: (work) => run(false, work),
    async take() {
      await enter(false);
      return leave;
    },
  };
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
