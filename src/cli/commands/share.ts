import { hostname } from 'node:os';
import { parseRemoteSpec } from '../../config/remote-spec.ts';
import { Failure, isAbsence, isFailure } from '../../core/failure.ts';
import { joinPath } from '../../core/path.ts';
import type { Location } from '../../core/remote.ts';
import { thisUser } from '../../core/user.ts';
import type { KeyPair } from '../../crypto/x25519.ts';
import { isMaker, newShare } from '../../sharing/changes.ts';
import { longestLabel } from '../../sharing/document.ts';
import { pinOf } from '../../sharing/join-plan.ts';
import type { Pin } from '../../sharing/pin.ts';
import { publishedAt, readShare, writeShare } from '../../sharing/published.ts';
import { openShare, sealShare } from '../../sharing/share.ts';
import { stackOf } from '../../sharing/stack.ts';
import { placeName } from '../../transfer/place.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { textFlag, toggle } from '../flags.ts';
import { keyFlags, openOwnKey } from '../keys.ts';
import { makerLine, recipientLines, shareVersion } from '../sharing/describe.ts';
import { ownPin, rememberShare } from '../sharing/own-pin.ts';
import { readRecipients, toFlag } from '../sharing/recipients.ts';
import { openFilePath } from '../source.ts';

const flags = {
  to: toFlag,
  output: textFlag('Where to write it; - is standard output', { short: 'o', placeholder: 'file' }),
  publish: toggle("Put it into the remote's bucket, where the others find it"),
  label: textFlag('What the others see as your name (default user@host)'),
  'with-credentials': toggle("Include the store's own login too"),
  ...keyFlags,
};

export const command = defineCommand({
  usage: 'remote:',
  summary: 'Share a remote with other sites, sealed to their keys',
  help: `Writes everything that another site needs to use a remote - its passwords, its bucket, the address of its store - into one
text that only the holders of the given public keys (and you) can open, signed by you. It is safe to mail. The other site
reads it with \`coffer join\`.

Your own login to the store is left out, unless --with-credentials is given: each site uses its own.

With --publish, the share goes into the bucket itself, under the name .coffer-share: a site that can reach the bucket needs
nothing else. rclone leaves it out of listings.

    coffer share allas-crypt: --to siteA.pub --to siteB.pub -o allas-crypt.share
    coffer share allas-crypt: --to siteA.pub --publish`,
  arguments: { min: 1, max: 1 },
  flags,
  subcommands: new Map([
    ['list', () => import('./share/list.ts')],
    ['add', () => import('./share/add.ts')],
    ['remove', () => import('./share/remove.ts')],
    ['renew', () => import('./share/renew.ts')],
  ]),
  async run(context) {
    const [spec = ''] = context.args;
    const { flags, io } = context;
    const name = remoteIn(spec);
    if (flags.to.length === 0) throw new Failure('usage', 'say who may open the share: --to their-key.pub');
    const recipients = await readRecipients(flags.to, io.environment);
    const stack = await stackOf(name, {
      config: await context.config(),
      environment: io.environment,
      withCredentials: flags['with-credentials'],
      report: context.log,
    });
    const target = flags.publish ? publishedAt(await context.location(spec)) : null;
    const maker = await openOwnKey(context);
    const last = [await ownPin(context, name), target && (await replacedPin(context, target, maker))];
    const share = newShare({
      maker,
      label: (flags.label || `${io.environment.USER || thisUser()?.username || 'somebody'}@${hostname()}`).slice(
        0,
        longestLabel,
      ),
      recipients,
      layers: stack.layers,
      now: io.date(),
      lastSerial: Math.max(0, ...last.map((pin) => pin?.serial ?? 0)),
    });
    const text = sealShare(share, maker);
    const isPublished = target !== null && (await writeShare(context.session, target, text, io.date()));
    if (target === null || flags.output !== '') await output(context, text);
    if (isPublished && !flags['dry-run']) await rememberShare(context, name, share);
    const lines = [
      `Sealed to:\n${recipientLines(share, maker.public)}`,
      stack.leftOut.length > 0 ? `Left out: ${stack.leftOut.join(', ')}\n` : '',
      isPublished ? `Published as ${placeName(target)}\n` : '',
      `Signed with the key ${pinOf(share).maker}\n`,
      'Read that fingerprint to the other sites: they compare it when they join.\n',
    ];
    await io.stderr.write(lines.join(''));
  },
});

/** The remote that `allas-crypt:` names. */
function remoteIn(spec: string): string {
  const { name, path, overrides } = parseRemoteSpec(spec);
  if (name !== null && !name.startsWith(':') && path === '' && overrides.size === 0) return name;
  throw new Failure(
    'usage',
    `only a whole remote of your config can be shared: give its name and a colon, as in allas-crypt:`,
  );
}

/** What is pinned of the published share that a new one takes the place of; null where there is none to be read.
 *  Throws Failure('exists') for one of another maker, whose sites would refuse ours. */
async function replacedPin({ session, log }: CommandContext, at: Location, maker: KeyPair): Promise<Pin | null> {
  try {
    const share = openShare(await readShare(at, { signal: session.signal }), maker);
    if (!isMaker(share, maker)) throw madeByAnother(at, makerLine(share));
    log.notice(
      placeName(at),
      `replaces the share with ${shareVersion(share)}: from now on only those whom you name here can join`,
    );
    return pinOf(share);
  } catch (error) {
    if (isAbsence(error) || isFailure(error, 'corrupt')) return null;
    if (isFailure(error, 'denied')) throw madeByAnother(at, 'it cannot be opened with your key');
    throw error;
  }
}

function madeByAnother(at: Location, why: string): Failure {
  const where = placeName(at);
  return new Failure(
    'exists',
    `${where} is somebody else's share (${why}): let them add your sites, or remove it first`,
  );
}

async function output(context: CommandContext<typeof flags>, text: string): Promise<void> {
  const { flags, io, session } = context;
  if (flags.output === '' || flags.output === '-') return io.stdout.write(text);
  const { parent, name } = await openFilePath(context, flags.output);
  await writeShare(session, { remote: parent.remote, path: joinPath(parent.path, name) }, text, io.date());
}
