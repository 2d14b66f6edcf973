import type { AccessChange, BucketControl, Rights } from '../../core/access.ts';
import { Failure, isFailure, messageOf } from '../../core/failure.ts';
import { findProject } from '../../login/find-project.ts';
import { createIdentityService } from '../../login/identity-service.ts';
import { findTarget, type Target } from '../../login/target.ts';
import { createHttpClient } from '../../remotes/http/client.ts';
import type { CommandContext } from '../command.ts';
import { ownToken } from '../login/own-token.ts';
import { transportSettings } from '../settings.ts';

type Context = Pick<CommandContext, 'config' | 'flags' | 'io' | 'log' | 'session'>;

/** The change with the ids of its projects in place of their names, as far as the site tells them.
 *  Throws Failure('usage') for a project that is not there, and where a policy needs an id that nobody tells. */
export async function withProjectIds(
  context: Context,
  control: BucketControl,
  change: AccessChange,
): Promise<AccessChange> {
  const projects = new Map<string, Partial<Rights>>();
  for (const [who, rights] of change.projects) {
    // With a colon it is an entry of the rules or an ARN already.
    const isName = !who.includes(':');
    projects.set(isName ? await projectId(context, control, who, !!(rights.read || rights.write)) : who, rights);
  }
  return { ...change, projects };
}

/** What rules call the project that the user names. */
async function projectId(context: Context, control: BucketControl, who: string, isGiven: boolean): Promise<string> {
  const config = await context.config();
  const name = control.location.remote.label.replace(/:$/, '');
  const type = config.section(name)?.get('type');
  const site = type === 's3' ? name.replace(/^s3/, '') : name;
  const target = await targetOf(context, site);
  const found = target && (await lookUp(context, target, who));
  if (found !== null) return found;
  if (type === 's3') return requireId(who);
  if (target && isGiven && !isId(who)) {
    context.log.notice(
      who,
      'could not be looked up: check that it is spelled as its members see it in `coffer login --show`',
    );
  }
  return who;
}

/** Null where Keystone does not tell. */
async function lookUp(context: Context, target: Target, who: string): Promise<string | null> {
  if (!target.known) return null;
  const { flags, io, log, session } = context;
  const settings = transportSettings(flags, log);
  await using http = createHttpClient(settings, io.environment);
  const service = createIdentityService(target.authUrl, { http, settings, report: log, signal: session.signal });
  try {
    const value = await ownToken(target.known, { target, http });
    return (await findProject(service, { value }, who))?.id ?? null;
  } catch (error) {
    if (!isFailure(error) || isFailure(error, 'usage', 'cancelled')) throw error;
    log.debug(who, `its id could not be looked up: ${messageOf(error)}`);
    return null;
  }
}

/** The Keystone that a Swift remote logs in with; null where it has none. */
async function targetOf({ config, io }: Context, site: string): Promise<Target | null> {
  try {
    const wish = { site, name: undefined, authUrl: undefined, isNew: false };
    return findTarget(wish, await config(), io.environment);
  } catch (error) {
    if (isFailure(error, 'usage')) return null;
    throw error;
  }
}

/** Whether this is an id as Keystone makes them. */
export function isProjectId(who: string): boolean {
  return /^[0-9a-f]{32}$/.test(who);
}

// The number of an AWS account does as well.
function isId(who: string): boolean {
  return isProjectId(who) || /^\d{12}$/.test(who);
}

function requireId(who: string): string {
  if (isId(who)) return who;
  throw new Failure(
    'usage',
    `"${who}" is not the id of a project, which a bucket policy needs: its members see it with \`coffer login --show\` ` +
      '(for a user of radosgw itself give arn:aws:iam:::user/NAME)',
  );
}
