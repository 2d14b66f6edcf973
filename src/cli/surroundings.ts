import type { Config } from '../config/config.ts';
import { type ConfigFile, openConfigFile } from '../config/config-file.ts';
import { createOpener, type Opener } from '../remotes/open.ts';
import type { Command, CommandContext } from './command.ts';
import type { GlobalFlags } from './global-flags.ts';
import type { Io } from './io.ts';
import type { Log } from './log.ts';
import { transportSettings } from './settings.ts';

/** The config and the remotes of a command, opened when they are first asked for: some need none. */
export type Surroundings = Pick<CommandContext, 'config' | 'configFile' | 'location'> & AsyncDisposable;

interface Request {
  readonly flags: GlobalFlags;
  readonly command: Command;
  readonly backendFlags: ReadonlyMap<string, string>;
}

export function openSurroundings({ flags, command, backendFlags }: Request, io: Io, log: Log): Surroundings {
  let file: ConfigFile | null = null;
  const prompt = flags['ask-password'] ? (question: string) => askPassword(question, io) : null;
  const configFile = (): ConfigFile => {
    file ??= openConfigFile({
      path: flags.config,
      passwordCommand: flags['password-command'],
      prompt,
      environment: io.environment,
      report: log,
    });
    return file;
  };
  // A command that has changed the config goes on with a new opener.
  const openers = new Map<Config, Opener>();
  const openerOf = (config: Config): Opener => {
    const open = openers.get(config);
    if (open) return open;
    const settings = transportSettings(flags, log);
    const opener = createOpener({
      config,
      flags: backendFlags,
      environment: io.environment,
      settings: { ...settings, usesServerTimes: settings.usesServerTimes && !command.needsOwnTimes },
      report: log,
      ...(prompt && { prompt }),
    });
    openers.set(config, opener);
    return opener;
  };
  return {
    configFile,
    config: () => configFile().read(),
    location: async (spec, ahead) => openerOf(await configFile().read()).location(spec, ahead),
    async [Symbol.asyncDispose]() {
      await Promise.all([...openers.values()].map((opener) => opener[Symbol.asyncDispose]()));
    },
  };
}

async function askPassword(question: string, io: Io): Promise<string> {
  const { promptSecret } = await import('./prompt.ts');
  return promptSecret(question, io);
}
