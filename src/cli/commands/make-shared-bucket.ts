import type { AccessChange } from '../../core/access.ts';
import { Failure } from '../../core/failure.ts';
import { shellWord } from '../../core/shell.ts';
import { producerLetter } from '../../sharing/access/letter.ts';
import { otherPlace } from '../../sharing/access/other-place.ts';
import { checkedName } from '../../sharing/access/wish.ts';
import { placeName } from '../../transfer/place.ts';
import { mayChange } from '../../transfer/session.ts';
import { openBucket, withRemote } from '../access/bucket.ts';
import { keyToPublish, makeSharedBucket } from '../access/new-bucket.ts';
import { withProjectIds } from '../access/projects.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { ask } from '../config/ask.ts';
import { openDialog } from '../config/dialog.ts';
import { optionalText } from '../flags.ts';

const flags = {
  'public-key': optionalText('Public key to put into the bucket, for those who encrypt data for you', {
    placeholder: 'file',
  }),
};

type Context = CommandContext<typeof flags>;

export const command = defineCommand({
  usage: '[remote:bucket [project...]]',
  summary: 'Make a bucket for data from another project',
  help: `Makes a bucket and shares it with other projects, so that a data producer can upload there. It asks for the name of the
bucket, the project and the file of a public key, unless you give them on the command line.

The projects may read and write. Afterwards it prints a message to send to the producer, and the command that ends the
sharing. If the bucket exists already it must be empty, because its contents would be shared too.

    coffer make-shared-bucket
    coffer make-shared-bucket allas:animine_data_import_1 project_2000111 --public-key animine_crypt4gh.pub`,
  arguments: { min: 0, max: 100 },
  flags,
  async run(context) {
    const { io, session } = context;
    const wish = await completeWish(context);
    const control = await openBucket(context, wish.bucket);
    const { remote, path } = control.location;
    if ((await context.location(wish.bucket)).remote !== remote) {
      throw new Failure(
        'usage',
        `${wish.bucket} encrypts: name the bucket below it, and \`coffer share\` its passwords`,
      );
    }
    const key = wish.publicKey === '' ? null : await keyToPublish(wish.publicKey, io.environment);
    const rights = { read: true, write: true };
    const change: AccessChange = { projects: new Map(wish.projects.map((who) => [who, rights])) };
    const known = await withProjectIds(context, control, change);
    const place = placeName(control.location);
    if (!(await mayChange(session, 'make and share', place))) return;
    await makeSharedBucket(control, known, key, { signal: session.signal });
    const address = await control.address();
    const letter = producerLetter({
      bucket: path,
      // Options of the owner's own remote are nobody else's business.
      place: otherPlace(remote.label.replace('{…}', ''), address, path),
      publicKey: key?.name ?? null,
      type: address.has('storage_url') ? 'swift' : 's3',
    });
    const whom = wish.projects.map(shellWord).join(' ');
    await io.stdout.write(`Made ${place}, shared with ${wish.projects.join(', ')}. Send them this:\n\n${indented(letter)}
When all has come, end the sharing:

    coffer access -rw ${whom} ${shellWord(place)}
`);
  },
});

interface Wish {
  readonly bucket: string;
  readonly projects: readonly string[];
  /** '' for none. */
  readonly publicKey: string;
}

async function completeWish({ args, flags, io, session }: Context): Promise<Wish> {
  const [bucket, ...projects] = args;
  const publicKey = flags['public-key'] ?? '';
  if (bucket !== undefined && projects.length > 0) {
    return { bucket: withRemote(bucket), projects: projects.map(checkedName), publicKey };
  }
  const dialog = openDialog(io, session.signal);
  await dialog.say(
    'Name of the new bucket. It must be unique among all projects: begin it with the name of your project.',
  );
  const name = withRemote(bucket ?? (await ask(dialog, { name: 'bucket', kind: 'name', required: true })));
  await dialog.say('Project that will upload data there: its name or id.');
  const project = await ask(dialog, { name: 'project', kind: 'project', required: true });
  if (flags['public-key'] !== undefined) return { bucket: name, projects: [checkedName(project)], publicKey };
  await dialog.say('Public key to put into the bucket, so that they can encrypt for you.');
  const file = await ask(dialog, { name: 'public_key', kind: 'file' });
  return { bucket: name, projects: [checkedName(project)], publicKey: file };
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}
