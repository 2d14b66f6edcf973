import { isFailure, messageOf } from '../../core/failure.ts';
import { type KnownBucket, knownBuckets } from '../../sharing/access/known-buckets.ts';
import { countError } from '../../transfer/session.ts';
import { type BucketsView, bucketsJson, bucketsText, type OwnView, type SharedView } from '../access/buckets-view.ts';
import { ownBuckets } from '../access/owned-buckets.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { toggle } from '../flags.ts';

export const command = defineCommand({
  usage: '[remote:...]',
  summary: 'List buckets: yours, and those that others share with you',
  help: `Lists the buckets of your Swift and S3 remotes, or only of those that you name, and with whom you share them, according to
the stores; then the buckets of others that you may use. No store lists these: your config remembers them, where
\`coffer buckets add\` writes them (and \`coffer join\`, for encrypted remotes). coffer tries each of them.

    coffer buckets
    coffer buckets allas: --json
    coffer buckets add allas:sequencing_run_5`,
  arguments: { min: 0, max: 100 },
  flags: { json: toggle('Format output as JSON') },
  subcommands: new Map([
    ['add', () => import('./buckets/add.ts')],
    ['remove', () => import('./buckets/remove.ts')],
  ]),
  async run(context) {
    const { args, flags, io } = context;
    const specs = args.length > 0 ? args : await storesIn(context);
    const own: OwnView[] = [];
    for (const spec of specs) {
      const found = await ownIn(context, spec);
      if (found) own.push(found);
    }
    const names = new Set(own.flatMap(({ remote, buckets }) => buckets.map(({ name }) => `${remote}${name}`)));
    const shared: SharedView[] = [];
    for (const known of knownBuckets(await context.config())) {
      if (!names.has(bucketOf(known))) shared.push({ ...known, trouble: await troubleOf(context, known) });
    }
    const view: BucketsView = { own, shared };
    await io.stdout.write(flags.json ? bucketsJson(view) : bucketsText(view));
  },
});

async function storesIn({ config }: CommandContext): Promise<readonly string[]> {
  const { sections, section } = await config();
  const isStore = (name: string): boolean => ['swift', 's3'].includes(section(name)?.get('type') ?? '');
  return [...sections()].filter(isStore).map((name) => `${name}:`);
}

/** A remote that does not answer is an error of the command, and does not keep the others from being shown. */
async function ownIn(context: CommandContext, spec: string): Promise<OwnView | null> {
  try {
    return { remote: spec, buckets: await ownBuckets(await context.location(spec), context) };
  } catch (error) {
    if (!isFailure(error)) throw error;
    countError(context.session, spec, 'Failed to list its buckets', error);
    return null;
  }
}

/** What keeps a bucket of somebody else from being listed; null where nothing does. */
async function troubleOf({ location, session }: CommandContext, { name }: KnownBucket): Promise<string | null> {
  try {
    const { remote, path } = await location(`${name}:`);
    for await (const _ of remote.list(path, { signal: session.signal })) break;
    return null;
  } catch (error) {
    if (!isFailure(error) || isFailure(error, 'cancelled')) throw error;
    return messageOf(error);
  }
}

/** `allas:bucket` of `allas:bucket/dir`. */
function bucketOf({ place }: KnownBucket): string {
  return place.replace(/^([^:]*:\/*[^/]*).*/, '$1');
}
