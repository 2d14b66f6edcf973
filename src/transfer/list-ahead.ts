import type { Entry } from '../core/entry.ts';
import { now } from '../core/now.ts';
import type { Call, ListAhead, ListMethod, Location, Remote } from '../core/remote.ts';
import type { Session } from './session.ts';
import { canSweep, listingOf } from './walk.ts';

type Page = readonly Entry[];

/** Entries that may wait to be asked for. */
const mostHeld = 10_000;

// A transfer may come to a folder hours later, and must then see it as it is.
const freshFor = 10_000; // milliseconds

/** For remotes that are being opened and then looked at by this session: by `walk`, or `list` folder by folder, as a transfer does.
 *  Null where not all that is below it is looked at so: what was listed might be for nothing. */
export function listAheadFor(session: Session, method: ListMethod): ListAhead | null {
  const { options, filter, signal } = session;
  const isWhole = filter.isInactive && options.maxDepth < 0;
  if (method === 'walk')
    return isWhole ? createListAhead(signal, (at) => (canSweep(session, at) ? 'walk' : 'list')) : null;
  return isWhole && !options.fastList ? createListAhead(signal, () => 'list') : null;
}

/** `methodOf` tells how what is below a root is listed. `clock` in milliseconds. */
export function createListAhead(signal: AbortSignal, methodOf: (root: Location) => ListMethod, clock = now): ListAhead {
  const stop = new AbortController();
  const begun = new Map<Remote, Map<string, BegunListing>>();
  const running: Promise<void>[] = [];
  let held = 0;

  async function listBelow(root: Location, isEnough: () => boolean): Promise<void> {
    const { remote, path } = root;
    const listings = begun.get(remote) ?? new Map<string, BegunListing>();
    begun.set(remote, listings);
    const call: Call = { signal: AbortSignal.any([signal, stop.signal]), ahead: self };
    const method = methodOf(root);
    const folders = [path];
    const goesOn = (page: Page): boolean => {
      held += page.length;
      if (method === 'list') for (const entry of page) if (entry.kind === 'folder') folders.push(entry.path);
      return held < mostHeld && !isEnough();
    };
    for (const folder of folders) {
      if (listings.has(folder)) return;
      const listing = beginListing(listed({ remote, path: folder }, method, call), { method, since: clock() }, goesOn);
      listings.set(folder, listing);
      await listing.reading;
      if (held >= mostHeld || isEnough()) return;
    }
  }

  const self: ListAhead = {
    begin(root, until) {
      let isEnough = false;
      const end = (): void => {
        isEnough = true;
      };
      until.then(end, end);
      running.push(listBelow(root, () => isEnough));
    },
    take(remote, dir, asked) {
      const listing = begun.get(remote)?.get(dir);
      if (listing?.method !== asked || clock() - listing.since > freshFor) return null;
      begun.get(remote)?.delete(dir);
      return listing.pages;
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await Promise.all(running);
      for (const listings of begun.values()) for (const { end } of listings.values()) await end();
    },
  };
  return self;
}

interface Beginning {
  readonly method: ListMethod;
  readonly since: number;
}

interface BegunListing extends Beginning {
  /** Resolves when no more is read ahead. Never rejects. */
  readonly reading: Promise<void>;
  readonly pages: AsyncIterable<Page>;
  /** To be called where the pages are not taken. */
  end(): Promise<void>;
}

/** Reads pages for as long as `goesOn`, the rest when it is asked for. A failure is thrown where it came. */
function beginListing(
  listing: AsyncGenerator<Page>,
  beginning: Beginning,
  goesOn: (page: Page) => boolean,
): BegunListing {
  const held: Page[] = [];
  let failure: { readonly error: unknown } | null = null;

  async function read(): Promise<void> {
    try {
      for (let step = await listing.next(); !step.done; step = await listing.next()) {
        held.push(step.value);
        if (!goesOn(step.value)) return;
      }
    } catch (error) {
      failure = { error };
    }
  }
  const reading = read();

  async function* pages(): AsyncGenerator<Page> {
    try {
      await reading;
      for (let page = held.shift(); page; page = held.shift()) yield page;
      if (failure) throw failure.error;
      for (let step = await listing.next(); !step.done; step = await listing.next()) yield step.value;
    } finally {
      await end();
    }
  }

  async function end(): Promise<void> {
    await listing.return(undefined);
  }

  return { ...beginning, reading, pages: pages(), end };
}

/** The listing of any remote as a generator, which fails when it is read and not before. */
async function* listed(at: Location, method: ListMethod, call: Call): AsyncGenerator<Page> {
  yield* listingOf(at, method, call);
}
