import type { AccessChange, BucketAccess, Grant } from '../../core/access.ts';

// https://docs.openstack.org/swift/latest/overview_acl.html#container-acls

/** A container's X-Container-Read and X-Container-Write. */
export interface Acl {
  readonly read: string;
  readonly write: string;
}

/** How a store's logins name an account in an ACL: `id:*` with Keystone's projects, `account` with version 1 logins. */
export type EntryStyle = 'project' | 'account';

const anybody = '.r:*';
const listings = '.rlistings';

/** The ACL after a change: entries that go are cut out, new ones stand at the end, and all others keep their place and
 *  their bytes. */
export function changedAcl(acl: Acl, { projects, isPublic }: AccessChange, style: EntryStyle): Acl {
  let { read, write } = acl;
  for (const [who, rights] of projects) {
    read = withEntry(read, who, rights.read, style);
    write = withEntry(write, who, rights.write, style);
  }
  if (isPublic === true) read = [anybody, listings].reduce(added, read);
  if (isPublic === false) read = without(read, [anybody, listings]);
  return { read, write };
}

function withEntry(header: string, who: string, isGiven: boolean | undefined, style: EntryStyle): string {
  if (isGiven === undefined) return header;
  return isGiven ? added(header, entryOf(who, style)) : without(header, [...formsOf(who)]);
}

/** What lets `who` in; `id:user` is an entry as it is. */
function entryOf(who: string, style: EntryStyle): string {
  return style === 'account' || who.includes(':') ? who : `${who}:*`;
}

/** Everything that means `who` as a whole. */
function formsOf(who: string): ReadonlySet<string> {
  return new Set(who.includes(':') ? [who] : [who, `${who}:*`]);
}

function added(header: string, entry: string): string {
  if (entriesOf(header).includes(entry)) return header;
  return header.trim() === '' ? entry : `${header},${entry}`;
}

function without(header: string, entries: readonly string[]): string {
  const kept = header.split(',').filter((part) => !entries.includes(part.trim()));
  return kept.length === header.split(',').length ? header : kept.join(',');
}

/** The entries of one of the headers. */
function entriesOf(header: string): readonly string[] {
  return header
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

/** True where both let in the same, in any order: radosgw sorts the entries. */
export function isSameAcl(a: Acl, b: Acl): boolean {
  const set = (acl: Acl) =>
    JSON.stringify([acl.read, acl.write].map((header) => [...new Set(entriesOf(header))].sort()));
  return set(a) === set(b);
}

/** What an ACL says. */
export function accessIn(acl: Acl): BucketAccess {
  const read = entriesOf(acl.read);
  const write = entriesOf(acl.write);
  const named = new Set([...read, ...write].filter((entry) => !entry.startsWith('.')));
  const names = new Map<string, Grant>();
  for (const entry of named) {
    const who = entry.replace(/:\*$/, '') || entry;
    const before = names.get(who);
    names.set(who, {
      who,
      read: read.includes(entry) || before?.read === true,
      write: write.includes(entry) || before?.write === true,
    });
  }
  return {
    grants: [...names.values()],
    isPublic: read.includes(anybody),
    others: [
      ...read.filter((entry) => entry.startsWith('.') && entry !== anybody && entry !== listings),
      ...(read.includes(anybody) !== read.includes(listings) ? [halfPublic(read.includes(anybody))] : []),
    ],
  };
}

function halfPublic(isReadable: boolean): string {
  return isReadable
    ? `${anybody} without ${listings}: anybody may get an object by its name, and not list the names`
    : `${listings} without ${anybody}: lets nobody in`;
}
