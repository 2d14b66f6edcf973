import { Failure } from '../../../core/failure.ts';
import { defineCommand } from '../../command.ts';

export const command = defineCommand({
  usage: 'remote:',
  summary: 'Disconnects user from remote',
  help: `Gives up the login of a remote where its type knows how. None of coffer's does; to end an OpenStack login let its token
expire, or remove it from the config.

    coffer config disconnect allas:`,
  arguments: { min: 1, max: 1 },
  flags: {},
  async run({ args, location }) {
    const { remote } = await location(args[0] ?? '');
    throw new Failure('usage', `${remote.label} doesn't support Disconnect`);
  },
});
