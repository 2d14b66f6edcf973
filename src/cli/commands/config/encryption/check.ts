import { Failure } from '../../../../core/failure.ts';
import { defineCommand } from '../../../command.ts';

export const command = defineCommand({
  usage: '',
  summary: 'Check that the config file is encrypted',
  help: `The exit code is 0 if the config file is encrypted and the password opens it, and 1 otherwise.

    coffer config encryption check --ask-password=false && echo sealed`,
  arguments: { min: 0, max: 0 },
  flags: {},
  async run({ configFile }) {
    const file = configFile();
    await file.read();
    if (!(await file.isSealed())) throw new Failure('usage', 'config file is NOT encrypted');
  },
});
