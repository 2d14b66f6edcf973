import { comparePaths } from '../../../core/path.ts';
import { defineCommand } from '../../command.ts';
import { fileRemotes } from '../../config/file-remotes.ts';
import { toGoJson } from '../../format/lsjson.ts';
import { jsonOn } from '../../listing.ts';

export const command = defineCommand({
  usage: '',
  summary: 'Dump the config file as JSON',
  help: `Prints the remotes in the config file as JSON, decrypted if the file is sealed: whoever reads the output can reveal the
passwords.

    coffer config dump | jq keys`,
  arguments: { min: 0, max: 0 },
  flags: {},
  async run(context) {
    const remotes = await fileRemotes(context);
    const sections = [...remotes].map(([name, values]) => [name, sortedObject(jsonTexts(values), '    ')] as const);
    const { stdout } = context.io;
    await stdout.write(jsonOn(stdout, sortedObject(sections, '')));
  },
});

function jsonTexts(values: ReadonlyMap<string, string>): (readonly [name: string, json: string])[] {
  return [...values].map(([key, value]) => [key, jsonText(value)]);
}

// JSON.stringify sorts nothing, and puts what looks like a number first.
function sortedObject(entries: readonly (readonly [name: string, json: string])[], indent: string): string {
  if (entries.length === 0) return '{}';
  const sorted = [...entries].sort(([a], [b]) => comparePaths(a, b));
  const lines = sorted.map(([name, json]) => `${indent}    ${jsonText(name)}: ${json}`);
  return `{\n${lines.join(',\n')}\n${indent}}`;
}

/** Bytes that are not UTF-8 become U+FFFD, as Go writes them. */
function jsonText(text: string): string {
  return toGoJson(Buffer.from(text).toString());
}
