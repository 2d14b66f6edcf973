import { backendTypes, loadBackend } from '../../../remotes/table.ts';
import { defineCommand } from '../../command.ts';
import { optionJson } from '../../config/option-json.ts';

export const command = defineCommand({
  usage: '',
  summary: 'List in JSON format all the providers and options',
  help: `Prints the types of remotes and their options as JSON, in rclone's shape.

    coffer config providers | jq -r '.[].Name'`,
  arguments: { min: 0, max: 0 },
  flags: {},
  async run({ io }) {
    const backends = await Promise.all(backendTypes.map(loadBackend));
    const providers = backends.map(({ type, description, options }) => ({
      Name: type,
      Description: description,
      Prefix: type,
      Options: Object.entries(options).map(([name, spec]) => optionJson(name, spec)),
      CommandHelp: null,
      Aliases: null,
      Hide: false,
      MetadataInfo: null,
    }));
    await io.stdout.write(JSON.stringify(providers, null, 4));
  },
});
