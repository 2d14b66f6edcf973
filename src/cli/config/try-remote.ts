import { randomBytes } from 'node:crypto';
import type { Config } from '../../config/config.ts';
import { collect, sourceOf } from '../../core/bytes.ts';
import { Failure } from '../../core/failure.ts';
import { joinPath } from '../../core/path.ts';
import type { Call, Location } from '../../core/remote.ts';
import { silentReport } from '../../core/report.ts';
import { asCrypt } from '../../remotes/crypt/as-crypt.ts';
import { createOpener, type Opener } from '../../remotes/open.ts';
import type { CommandContext } from '../command.ts';
import { transportSettings } from '../settings.ts';

const longestTry = 20_000;
const longestSilence = 10_000;

/** Finds out whether a place can be used: lists it and, in a crypt, writes a small file, reads it back and removes it.
 *  Throws Failure with what is wrong; 'folder-not-found' means that all is well but the folder or bucket is not there yet. */
async function tryRemote({ remote, path }: Location, call: Call): Promise<void> {
  // One page says enough.
  for await (const _ of remote.list(path, call)) break;
  if (!asCrypt(remote)) return;
  const probe = joinPath(path, `coffer-probe-${randomBytes(8).toString('hex')}`);
  const content = randomBytes(32);
  try {
    await remote.write(probe, sourceOf(content), { isNew: true }, call);
    const read = await collect(remote.read(probe, undefined, call));
    if (!content.equals(read)) throw new Failure('corrupt', 'what was written to it came back changed');
  } catch (error) {
    // Whether or not it arrived, and although the call may have been cancelled.
    await remote.remove(probe).catch(() => {});
    throw error;
  }
  await remote.remove(probe, call);
}

/** Does `tryRemote` with the remote `name` as it would be if `sections` were in the config: nothing is saved.
 *  Takes 20 seconds at most. */
export function tryBeforeSaving(context: Surroundings, name: string, sections: Sections): Promise<void> {
  return withUnsaved(context, name, sections, tryRemote);
}

/** Makes the folder or bucket that such a remote points to. */
export function makeFolder(context: Surroundings, name: string, sections: Sections): Promise<void> {
  return withUnsaved(context, name, sections, ({ remote, path }, call) => remote.makeDir(path, call));
}

type Surroundings = Pick<CommandContext, 'config' | 'flags' | 'io' | 'session'>;

/** Remote → option → value as it stands in the config. */
type Sections = ReadonlyMap<string, ReadonlyMap<string, string>>;

async function withUnsaved(
  context: Surroundings,
  name: string,
  sections: Sections,
  act: (location: Location, call: Call) => Promise<void>,
): Promise<void> {
  const deadline = AbortSignal.timeout(longestTry);
  const signal = AbortSignal.any([context.session.signal, deadline]);
  const stopped = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  const acting = async (): Promise<void> => {
    await using opener = await openUnsaved(context, sections);
    await act(await opener.location(`${name}:`), { signal });
  };
  try {
    await Promise.race([acting(), stopped]);
  } catch (error) {
    if (!deadline.aborted) throw error;
    throw new Failure('transient', `no answer within ${longestTry / 1000} seconds`, { cause: error });
  }
}

async function openUnsaved({ config, flags, io }: Surroundings, sections: Sections): Promise<Opener> {
  const settings = transportSettings(flags, silentReport);
  return createOpener({
    config: withSections(await config(), sections),
    flags: new Map(),
    environment: io.environment,
    settings: {
      ...settings,
      lowLevelRetries: 1,
      connectTimeout: Math.min(settings.connectTimeout, longestSilence),
      timeout: Math.min(settings.timeout, longestSilence),
    },
    report: silentReport,
  });
}

function withSections(config: Config, sections: Sections): Config {
  return {
    path: config.path,
    sections: () => [...new Set([...config.sections(), ...sections.keys()])],
    section: (name) => sections.get(name) ?? config.section(name),
  };
}
