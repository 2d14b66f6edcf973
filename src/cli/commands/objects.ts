import { Failure } from '../../core/failure.ts';
import { joinPath } from '../../core/path.ts';
import type { Location } from '../../core/remote.ts';
import { formatAmeta } from '../../packing/ameta.ts';
import { type FoundObject, findObjects, readDescriptions } from '../../packing/found-objects.ts';
import type { Keys } from '../../packing/seal.ts';
import { noDescription } from '../../packing/sealed-ameta.ts';
import { createDetails } from '../../transfer/details.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { toggle } from '../flags.ts';
import { shownPath } from '../listing.ts';
import { longLines } from '../packing/object-lines.ts';
import { type OpeningKeys, openingFlags, openingKeys } from '../packing/passwords.ts';
import { fullSpec, placeBelow, storeFlags } from '../packing/place.ts';
import { openTarget } from '../source.ts';

const flags = {
  long: toggle('Show sizes, times, and where each object came from', 'l'),
  ...openingFlags,
  ...storeFlags,
};

type Context = CommandContext<typeof flags>;

export const command = defineCommand({
  usage: 'bucket[/prefix]...',
  summary: 'List objects with their descriptions, or show the description of one',
  help: `Lists the objects in a bucket as a-list does: without the descriptions (_ameta) that lie beside them. With --long it shows
for each its size and time, where it came from, who stored it, and their note. For a single object it shows the whole
description, as a-info does, with the files in it.

Encrypted descriptions are opened with your secret key (--sk) or the password; if one is for others, a line says that it
does not open. A place without a remote is in allas:.

    coffer objects my_bucket
    coffer objects -l --sk project.key my_bucket/2026
    coffer objects my_bucket/data_dir.tar.zst.gpg`,
  arguments: { min: 1, max: Number.POSITIVE_INFINITY },
  flags,
  async run(context) {
    const keys = openingKeys(context);
    for (const spec of context.args) {
      const { location, file } = await openTarget(context, await fullSpec(context, spec));
      if (file) await showOne(context, location, file.path, spec, keys);
      else await list(context, location, spec, keys);
    }
  },
});

async function list(context: Context, at: Location, spec: string, keys: OpeningKeys): Promise<void> {
  const { session, flags, io } = context;
  const objects = await findObjects(session, at);
  const placeOf = ({ file }: FoundObject): string => shownPath(context, placeBelow(spec, file.path));
  if (!flags.long) {
    await io.stdout.write(objects.map((object) => `${placeOf(object)}\n`).join(''));
    return;
  }
  const details = createDetails(session, { modified: true, mimeType: false, hashes: [] });
  const dated: FoundObject[] = [];
  for await (const files of details(
    objects.map(({ file }) => file),
    at,
  )) {
    for (const file of files) if (file.kind === 'file') dated.push({ ...(objects[dated.length] as FoundObject), file });
  }
  await readDescriptions(session, at, dated, keys, async (object, description) => {
    await keys.answered();
    const lines = longLines(object, description, placeOf(object)).split('\n');
    await io.stdout.write(lines.map((line) => `${shownPath(context, line)}\n`).join(''));
  });
}

async function showOne(context: Context, parent: Location, name: string, spec: string, keys: Keys): Promise<void> {
  const { session, io } = context;
  const file = await parent.remote.stat(joinPath(parent.path, name), { signal: session.signal });
  const object = { file: { ...file, path: name }, hasAmeta: true };
  await readDescriptions(session, parent, [object], keys, async (_, { ameta, closed }) => {
    const line = longLines(object, noDescription, spec);
    await io.stdout.write(`${shownPath(context, line)}\n`);
    if (closed !== null) throw new Failure('wrong-password', closed, { path: spec });
    const text = ameta ? formatAmeta(ameta) : 'nothing describes it\n';
    for (const row of text.split('\n').slice(0, -1)) await io.stdout.write(`${shownPath(context, row)}\n`);
  });
}
