import { parseRemoteSpec } from '../../../config/remote-spec.ts';
import { Failure } from '../../../core/failure.ts';
import { defineCommand } from '../../command.ts';

export const command = defineCommand({
  usage: 'remote:',
  summary: 'Re-authenticates user with remote',
  help: `Logs in again to a remote, if its type supports that. None of coffer's types does; for OpenStack, use
\`coffer login --renew\`.

    coffer config reconnect allas:`,
  arguments: { min: 1, max: 1 },
  flags: {},
  async run({ args, config }) {
    const { name } = parseRemoteSpec(args[0] ?? '');
    const isKnown = name === null || name.startsWith(':') || (await config()).sections().includes(name);
    if (!isKnown) throw new Failure('usage', `didn't find remote "${name}" in the config file`);
    throw new Failure('usage', "backend doesn't support reconnect or authorize");
  },
});
