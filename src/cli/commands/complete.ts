import { openConfigFile } from '../../config/config-file.ts';
import { defineCommand } from '../command.ts';
import { complete } from '../completion/complete.ts';
import { toggle } from '../flags.ts';
import { visible } from '../log.ts';

export const command = defineCommand({
  usage: '-- [word]...',
  summary: 'Print what the last word can become, for the scripts of `coffer completion`',
  help: `Takes a command line without the program's name, as far as the cursor, and prints what its last word can become: one a
line, with a tab and an explanation behind it. The last line is a colon and a number: 2 if no space is to follow, 4 if files
of this machine do not fit, 6 for both, 0 for neither. Asks nobody for a password, and uses no network.

    coffer __complete -- copy --dry`,
  arguments: { min: 0, max: 100_000 },
  flags: { 'no-descriptions': toggle('Print the words only') },
  async run({ args, flags, io, log, commands }) {
    const found = { passwordCommand: undefined, prompt: null, environment: io.environment, report: log };
    const remotes = async (): Promise<ReadonlyMap<string, string>> => {
      const path = configIn(args) ?? flags.config;
      const { sections, section } = await openConfigFile({ ...found, path }).read();
      // What a shell inserts should be what it shows.
      const names = [...sections()].filter((name) => !/[\u0000-\u001f\u007f-\u009f]/.test(name)).sort();
      return new Map(names.map((name) => [name, section(name)?.get('type') ?? '']));
    };
    const { candidates, files } = await complete(args, { commands, remotes });
    let text = '';
    for (const { text: word, help } of candidates) {
      const explanation = flags['no-descriptions'] ? '' : await help();
      text += explanation === '' ? `${word}\n` : `${word}\t${visible(explanation)}\n`;
    }
    const isOpen = candidates.length > 0 && candidates.every(({ text: word }) => word.endsWith(':'));
    await io.stdout.write(`${text}:${(isOpen ? 2 : 0) + (files ? 0 : 4)}\n`);
  },
});

/** The value of the last --config among the words. */
function configIn(words: readonly string[]): string | undefined {
  const values = words.map((word, index) =>
    words[index - 1] === '--config' ? word : /^--config=(.+)/s.exec(word)?.[1],
  );
  return values.findLast((value) => value !== undefined && value !== '');
}
