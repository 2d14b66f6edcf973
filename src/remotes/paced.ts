import type { Source } from '../core/bytes.ts';
import { type Bandwidth, type Pace, paced, pacedSource } from '../core/pace.ts';
import type { OpenedFile, Remote } from '../core/remote.ts';

/** A store whose files are read and written no faster than `bandwidth` says. All that goes to and from a server together is
 *  limited at the connections; what is limited here are the bytes of a disk, and those of each single file. */
export function pacedRemote(remote: Remote, { read, write, ofFile }: Bandwidth, isDisk: boolean): Remote {
  const pacesOf = (all: Pace | null): readonly Pace[] => [
    ...(isDisk && all ? [all] : []),
    ...(ofFile ? [ofFile()] : []),
  ];
  if (!isDisk && !ofFile) return remote;
  const { open, atHand, copy, ...rest } = remote;
  return {
    ...rest,
    read: (path, range, call) => paced(remote.read(path, range, call), pacesOf(read), call?.signal),
    write: (path, source: Source, info, call) =>
      remote.write(path, pacedSource(source, pacesOf(write), call?.signal), info, call),
    ...(open && {
      async open(path, call): Promise<OpenedFile> {
        const opened = await open.call(remote, path, call);
        const bytes = paced(opened.bytes, pacesOf(read), call?.signal);
        return { entry: opened.entry, bytes, [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose]() };
      },
    }),
    // A server copies by itself; a disk's bytes pass through this machine either way.
    ...(copy && !isDisk && { copy }),
  };
}
