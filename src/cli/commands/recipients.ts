import { Failure } from '../../core/failure.ts';
import { baseName } from '../../core/path.ts';
import { fingerprint } from '../../formats/crypt4gh/fingerprint.ts';
import { includesKey, withoutRecipients, withRecipients } from '../../formats/crypt4gh/recipients.ts';
import { type NamedKey, readKeys } from '../../remotes/crypt4gh/keys.ts';
import { type Changes, changeReaders } from '../../sharing/recipients/change.ts';
import { type SealedTree, sealedTreeAt } from '../../sharing/recipients/sealed-tree.ts';
import { surveyReaders } from '../../sharing/recipients/survey.ts';
import { requirePresent } from '../../transfer/presence.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { fileCount } from '../format/file-count.ts';
import { openTarget, type Target } from '../source.ts';

export const command = defineCommand({
  usage: 'remote:path list|add|remove [key...]',
  summary: 'Show and change who can open the files of a Crypt4GH remote',
  help: `Shows or changes who can open the files below a path, or one file, on a remote of type crypt4gh. A key is a public key: a
file (Crypt4GH, or OpenSSH ed25519), the line "ssh-ed25519 ..." itself, or the base64 of a Crypt4GH key. Your own key is
the option secret_key of the remote: only somebody who can open a file can let others open it.

"list" reads the header of each file and counts how many files each person can open. A Crypt4GH file does not say for whom
it is: coffer recognizes your own key, and keys that you wrote to if they are among the remote's recipients or named after
"list". The others are counted as "somebody else".

"add" and "remove" write new headers; content, time and metadata stay as they are. On S3 and OpenStack Swift, the store
itself puts files over 10 MiB together, so that almost nothing is transferred. Other files, and all files on Ceph's Swift,
are uploaded again. Each file is replaced as a whole or not at all, and checked afterwards. After an interruption, run the
same command again to do the rest. Filters, --dry-run and --transfers work as in \`coffer copy\`.

"remove" keeps the others whom coffer recognizes. If a file is also for somebody whom it does not recognize, that may be the
one to remove: such a file is then for the remote's recipients, except those removed, and for nobody else.

Removing a key does not take back what its owner has read, nor old versions that the store keeps. The data key of a file
stays the same, too: whoever has noted it can still open the file, if the store lets them. So first take away their access
to the store. To give files new data keys, copy them to another crypt4gh remote.

The option recipients of the remote decides who can open new files: change that too.

    coffer recipients allas-c4gh:job_6 list
    coffer recipients allas-c4gh:job_6 add colleague.pub csc.pub
    coffer recipients allas-c4gh:job_6 remove colleague.pub -n`,
  arguments: { min: 2, max: Number.POSITIVE_INFINITY },
  flags: {},
  isRetried: true,
  showsStats: true,
  needsOwnTimes: true,
  async run(context) {
    const [spec = '', action, ...words] = context.args;
    const run = action !== undefined && Object.hasOwn(actions, action) ? actions[action] : null;
    if (!run) throw new Failure('usage', `"${action}" is not list, add or remove: write one of these after the remote`);
    if (words.length === 0 && action !== 'list') throw new Failure('usage', `say whom: the public keys to ${action}`);
    const keys = await readKeys(words, context.io.environment);
    const target = await openTarget(context, spec);
    await run(context, { target, tree: sealedTreeAt(target.location), keys });
  },
});

interface Request {
  readonly target: Target;
  readonly tree: SealedTree;
  readonly keys: readonly NamedKey[];
}

const actions: Readonly<Record<string, (context: CommandContext, request: Request) => Promise<void>>> = {
  list,
  add,
  remove,
};

async function list({ session, io }: CommandContext, { target, tree, keys }: Request): Promise<void> {
  const { own, crypt4gh } = tree;
  const others = [...crypt4gh.recipients, ...keys].filter(({ key }) => Buffer.compare(key, own.public) !== 0);
  const candidates = [{ key: own.public, name: 'you' }, ...others];
  const { counts, unknown, files } = await surveyReaders(session, tree, candidates.map(keyOf), target.file);
  const lines = candidates.map(({ key, name }, i) => line(counts[i] ?? 0, `${fingerprint(key)}  ${shortName(name)}`));
  const rest = unknown > 0 ? [line(unknown, 'somebody else: Crypt4GH does not tell whom')] : [];
  await io.stdout.write([...lines, ...rest, `of ${fileCount(files)}\n`].join(''));
}

function line(count: number, what: string): string {
  return `${String(count).padStart(9)}  ${what}\n`;
}

/** A key is told by its fingerprint: of a file the name will do, of a line its end. */
function shortName(name: string): string {
  return name.startsWith('ssh-') ? name.split(/\s+/).slice(2).join(' ') || 'ssh-ed25519' : baseName(name);
}

async function add(context: CommandContext, { target, tree, keys }: Request): Promise<void> {
  const { own, crypt4gh } = tree;
  const changes = await changeReaders(context.session, tree, target.file, 'add recipients', (packets, path) =>
    withRecipients(packets, keys.map(keyOf), { pair: own, candidates: [], path }),
  );
  await tell(context, target, changes);
  const configured = crypt4gh.recipients.map(keyOf);
  const missing = keys.filter(({ key }) => !includesKey(configured, key));
  if (missing.length > 0) {
    const names = missing.map(({ name }) => shortName(name)).join(', ');
    context.log.notice(nameOf(tree), `${names} cannot open new files yet: add the key to the option recipients too`);
  }
}

async function remove(context: CommandContext, { target, tree, keys }: Request): Promise<void> {
  const { own, crypt4gh } = tree;
  const configured = crypt4gh.recipients.map(keyOf);
  const removed = keys.map(keyOf);
  const changes = await changeReaders(
    context.session,
    tree,
    target.file,
    'remove recipients',
    (packets, path) => withoutRecipients(packets, removed, { pair: own, candidates: configured, path })?.header ?? null,
  );
  await tell(context, target, changes);
  const left = keys.filter(({ key }) => includesKey(configured, key));
  if (left.length > 0) {
    const names = left.map(({ name }) => shortName(name)).join(', ');
    context.log.notice(
      nameOf(tree),
      `${names} can still open new files: remove the key from the option recipients too`,
    );
  }
}

async function tell(
  { session, io }: CommandContext,
  { location, file }: Target,
  { movedByStore, sentAnew, unchanged }: Changes,
): Promise<void> {
  if (!file && movedByStore + sentAnew + unchanged === 0) {
    await requirePresent(session, location, 'nobody can open more or less than before');
  }
  const changed = `${fileCount(movedByStore + sentAnew)} changed: ${movedByStore} by the store, ${sentAnew} uploaded again`;
  await io.stdout.write(`${changed}; ${unchanged} unchanged\n`);
}

/** As the config has it. */
function nameOf({ at }: SealedTree): string {
  return at.remote.label.replace(/:$/, '');
}

function keyOf({ key }: NamedKey): Uint8Array {
  return key;
}
