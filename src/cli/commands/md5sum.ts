import { defineCommand } from '../command.ts';
import { hashFlags, hashTarget } from '../hashing.ts';

export const command = defineCommand({
  usage: 'remote:path',
  summary: 'Produces an md5sum file for all the objects in the path',
  help: `Prints the MD5 of every file below a path, as md5sum does: the same as \`hashsum md5\`, whose help explains the flags.
Without a path, or with -, it hashes standard input.

    coffer md5sum allas:2001659-crypt               # asks the store for its hashes
    coffer md5sum --download allas-crypt:job_6      # reads the files
    coffer md5sum --checkfile job_6.md5 job_6`,
  arguments: { min: 0, max: 1 },
  flags: hashFlags,
  run: (context) => hashTarget(context, 'md5', context.args[0]),
});
