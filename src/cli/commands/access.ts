import type { BucketControl } from '../../core/access.ts';
import { Failure } from '../../core/failure.ts';
import type { Proof } from '../../sharing/access/proof.ts';
import { shortfalls, strangers } from '../../sharing/access/shortfalls.ts';
import { dashWords, readWish } from '../../sharing/access/wish.ts';
import { placeName } from '../../transfer/place.ts';
import { mayChange } from '../../transfer/session.ts';
import { openBucket, withRemote } from '../access/bucket.ts';
import { withProjectIds } from '../access/projects.ts';
import { prove } from '../access/prove.ts';
import { accessJson, accessText, proofText, trialText } from '../access/view.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { optionalText, toggle } from '../flags.ts';

const flags = {
  as: optionalText("Prove it with the other project's own login: your remote of that project", {
    placeholder: 'remote:',
  }),
  json: toggle('Format output as JSON'),
};

export const command = defineCommand({
  usage: '[+r|+w|+rw|-r|-w|-rw project...]... [+p|-p] remote:bucket',
  summary: 'Show and change who else may reach a bucket',
  help: `Gives other projects access to a bucket, or takes it away, as a-access does, and shows who then has access. A bucket without
a remote is in allas:. If you name a crypt remote, the bucket below it is meant.

    +r  +read         list the bucket and download what is in it
    +w  +write        upload and remove
    +rw +read-write   both
    -r  -w  -rw       take that away again
    +p  +public       let anybody list and download, without a login
    -p  -public       take that away again

Give a project by its name or its id; \`coffer login --show\` shows both to its members. If the site lets you, coffer looks
up the id for a name, and a project that does not exist is an error. Otherwise Swift's rules get the name; S3 needs the id.

On Swift these are entries in the container's ACLs: those of the bucket and of its _segments, where the pieces of large
objects lie. On S3 they are statements in the bucket policy, named CofferRead, CofferWrite and so on, which also apply to
what is uploaded later. What others have set up stays as it is. On radosgw (Allas) an object belongs to whoever uploaded
it: with +w your own project is named too, so that you can read it.

Afterwards coffer asks the store what is in force; if that is not what you asked for, the exit code is 1. --as goes
further: with a remote of the other project it tries to list the bucket, to read an object, and, where writing was given or
taken away, to upload and remove one.

    coffer access allas:animine_data_import_1
    coffer access +rw project_2000111 allas:animine_data_import_1
    coffer access -rw project_2000111 allas:animine_data_import_1
    coffer access -rw project_2000111 --as other: allas:animine_data_import_1`,
  arguments: { min: 1, max: 1000 },
  flags,
  dashWords,
  async run(context) {
    const { args, flags, io, session } = context;
    const wish = readWish(args);
    const control = await openBucket(context, withRemote(wish.bucket));
    const change = wish.change && (await withProjectIds(context, control, wish.change));
    const call = { signal: session.signal };
    if (change && !(await mayChange(session, 'change of access', placeName(control.location)))) return;
    if (change) {
      for (const who of strangers(change, await control.read(call))) {
        context.log.notice(who, 'has no access under this name: was it given by its id, or by its name?');
      }
      await control.change(change, call);
    }
    const access = await control.read(call);
    const proof = flags.as === undefined ? null : await prove(context, { as: flags.as, control, access, change });
    const view = { bucket: placeName(control.location), access, self: await control.self(call) };
    await io.stdout.write(flags.json ? accessJson(view, proof) : accessText(view));
    if (proof && !flags.json) await io.stdout.write(proofText(flags.as ?? '', proof));
    judge(context, control, change && shortfalls(change, access), proof);
  },
});

/** Throws Failure where what is in force is not what it should be. */
function judge(
  { flags: given, log }: CommandContext<typeof flags>,
  control: BucketControl,
  complaints: readonly string[] | null,
  proof: Proof | null,
): void {
  const place = placeName(control.location);
  const wrong = (proof?.trials ?? []).filter(({ isAllowed, isExpected }) => isAllowed !== isExpected);
  const all = [...(complaints ?? []), ...wrong.map((trial) => `${given.as} ${trialText(trial)}`)];
  if (proof?.readable) {
    log.notice(proof.readable, `${given.as} can still read this: on radosgw who put an object keeps it readable`);
  }
  if (all.length > 0) throw new Failure('denied', `${place}: ${all.join('; ')}`);
}
