import { defineCommand } from '../command.ts';
import { hashFlags, hashTarget } from '../hashing.ts';

export const command = defineCommand({
  usage: 'remote:path',
  summary: 'Produces an sha1sum file for all the objects in the path',
  help: `Prints the SHA1 of every file below a path, as sha1sum does: the same as \`hashsum sha1\`, whose help explains the flags.
Without a path, or with -, it hashes standard input.

    coffer sha1sum allas:2001659-crypt               # asks the store for its hashes
    coffer sha1sum --download allas-crypt:job_6      # reads the files
    coffer sha1sum --checkfile job_6.sha1 job_6`,
  arguments: { min: 0, max: 1 },
  flags: hashFlags,
  run: (context) => hashTarget(context, 'sha1', context.args[0]),
});
