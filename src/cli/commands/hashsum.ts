import { defineCommand } from '../command.ts';
import { hashTypeList, parseHashType } from '../hash-name.ts';
import { hashFlags, hashTarget } from '../hashing.ts';

export const command = defineCommand({
  usage: '<hash> remote:path',
  summary: 'Produces a hashsum file for all the objects in the path',
  help: `Prints a hash of every file below a path, as md5sum and the like do. If the store keeps such hashes, they are taken from
it; --download reads the files and hashes them here, which works everywhere, also on a crypt remote.

Without a path, or with -, it hashes standard input. Without a hash, it lists the hashes that it knows.

With --checkfile it compares the files with such a list and prints a line for each (= the same, * different, + missing,
- not in the list, ! unreadable). The exit code is 1 if something differs.

    coffer hashsum sha256 job_6 > job_6.sha256
    coffer hashsum sha256 --download --checkfile job_6.sha256 allas-crypt:job_6`,
  arguments: { min: 0, max: 2 },
  flags: hashFlags,
  async run(context) {
    const [name, spec] = context.args;
    if (name === undefined) await context.io.stdout.write(hashTypeList());
    else await hashTarget(context, parseHashType(name), spec);
  },
});
