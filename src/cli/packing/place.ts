import { Failure } from '../../core/failure.ts';
import type { Location } from '../../core/remote.ts';
import { thisUser } from '../../core/user.ts';
import type { CommandContext } from '../command.ts';
import { optionalText, toggle } from '../flags.ts';

/** Flags that say which store is meant where no remote is named, as the Allas tools have them. */
export const storeFlags = {
  swift: toggle('Use the remote allas: if no other is named (the default)', 'A'),
  s3: toggle('Use the remote s3allas: if no other is named', 'S'),
  lumi: toggle('Use the remote lumi-o: if no other is named', 'L'),
};

/** Flags that make the name of a bucket where none is given. */
export const ownerFlags = {
  user: optionalText('User to name the bucket after (default: you)', { short: 'u' }),
  project: optionalText('Project to name the bucket after (default: the one you are logged in to)', { short: 'p' }),
};

type StoreContext = Pick<CommandContext<typeof storeFlags>, 'flags' | 'config' | 'location'>;

/** A place in a store as the user wrote it: `bucket/path` in the default remote, `remote:bucket/path`, or a folder that
 *  starts with `/` or `.`. Throws Failure('usage') where the default remote is not configured. */
export async function openPlace(context: StoreContext, spec: string): Promise<Location> {
  return context.location(await fullSpec(context, spec));
}

/** The same place, written out: `allas:bucket/path`. */
export async function fullSpec({ flags, config }: StoreContext, spec: string): Promise<string> {
  if (/^[./]|:/.test(spec)) return spec;
  const name = remoteName(flags);
  if (!(await config()).sections().includes(name)) {
    const message = `there is no remote ${name}: - \`coffer login\` makes one; or write remote:${spec || 'bucket'}`;
    throw new Failure('usage', message);
  }
  return `${name}:${spec}`;
}

function remoteName({ s3, lumi }: StoreContext['flags']): string {
  return lumi ? 'lumi-o' : s3 ? 's3allas' : 'allas';
}

/** An object below a place, written as the place was. */
export function placeBelow(spec: string, path: string): string {
  const place = spec.replace(/(?<=.)\/+$/, '');
  return place === '' || place.endsWith(':') ? `${place}${path}` : `${place}/${path}`;
}

/** What the config says of the remote of a place; nothing of a folder. */
export async function sectionOf(context: StoreContext, spec: string): Promise<ReadonlyMap<string, string>> {
  const [, name] = /^([^:/]+):/.exec(spec) ?? [];
  return (name !== undefined && (await context.config()).section(name)) || new Map();
}

type OwnerContext = StoreContext & Pick<CommandContext<typeof ownerFlags>, 'flags' | 'io'>;

/** The bucket that a-put takes where none is given: `USER-PROJECT-misc`, or `PROJECT-sd-connect` for CSC's services.
 *  Throws Failure('usage') where nobody knows the project. */
export async function defaultBucket(context: OwnerContext, isForSdConnect: boolean): Promise<string> {
  const { flags, io } = context;
  const spec = await fullSpec(context, '');
  const project = flags.project || io.environment.OS_PROJECT_NAME || (await sectionOf(context, spec)).get('tenant');
  const user = userName(context);
  if (!project) throw new Failure('usage', 'say where it goes: --bucket bucket, or --bucket remote:bucket');
  const label = project.replace(/^project_/, '');
  return isForSdConnect ? `${label}-sd-connect` : `${user}-${label}-misc`;
}

export function userName({ flags, io }: Pick<OwnerContext, 'flags' | 'io'>): string {
  return flags.user || io.environment.USER || thisUser()?.username || `${process.getuid?.()}`;
}
