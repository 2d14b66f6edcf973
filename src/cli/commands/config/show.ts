import { defineCommand } from '../../command.ts';
import { demandRemote, fileRemotes, specsOf } from '../../config/file-remotes.ts';
import { remoteText } from '../../config/shown-values.ts';
import { visible } from '../../log.ts';

export const command = defineCommand({
  usage: '[remote]',
  summary: 'Print (decrypted) config file, or the config for a single remote',
  help: `Prints the config file, decrypted if it is sealed: whoever reads the output can reveal its passwords. For a single remote,
obscured passwords are hidden, but keys and tokens are shown; \`coffer config redacted\` hides those too.

    coffer config show
    coffer config show allas-crypt`,
  arguments: { min: 0, max: 1 },
  flags: {},
  async run(context) {
    const { args, io, configFile } = context;
    if (args[0] === undefined) {
      const text = Buffer.from((await configFile().text()) ?? []);
      await io.stdout.write(text.length === 0 ? '; empty config\n' : io.stdout.isTerminal ? onTerminal(text) : text);
      return;
    }
    const name = args[0].replace(/:+$/, '');
    const values = demandRemote(await fileRemotes(context), name);
    await io.stdout.write(remoteText(name, values, (await specsOf(values)) ?? {}));
  },
});

function onTerminal(text: Buffer): string {
  return text.toString().split(/\r?\n/).map(visible).join('\n');
}
