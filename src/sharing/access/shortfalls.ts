import type { AccessChange, BucketAccess, Rights } from '../../core/access.ts';

/** What the rules of a bucket give `who`; anybody's rights included. */
export function rightsOf(access: BucketAccess, who: string): Rights {
  const grants = access.grants.filter((grant) => isSame(grant.who, who));
  return {
    read: access.isPublic || grants.some(({ read }) => read),
    write: grants.some(({ write }) => write),
  };
}

/** Where a store does not do what a change asked for, in words; empty where it all holds. */
export function shortfalls({ projects, isPublic }: AccessChange, access: BucketAccess): readonly string[] {
  const complaints: string[] = [];
  for (const [who, wanted] of projects) {
    const named = { ...access, isPublic: false };
    const now = rightsOf(named, who);
    for (const right of ['read', 'write'] as const) {
      if (wanted[right] === undefined || wanted[right] === now[right]) continue;
      complaints.push(`${who} may ${now[right] ? 'still' : 'not'} ${right}${now[right] ? byOthers : ''}`);
    }
  }
  if (isPublic !== undefined && isPublic !== access.isPublic) {
    complaints.push(isPublic ? 'it is not public' : `it is still public${byOthers}`);
  }
  return complaints;
}

/** The projects that something is to be taken from and that have nothing: the rules may know them by another name. */
export function strangers({ projects }: AccessChange, before: BucketAccess): readonly string[] {
  const isKnown = (who: string): boolean => before.grants.some((grant) => isSame(grant.who, who));
  return [...projects].flatMap(([who, { read, write }]) => {
    const isTakenOnly = (read === false || write === false) && !read && !write;
    return isTakenOnly && !isKnown(who) ? who : [];
  });
}

const byOthers = ', by a rule that coffer did not make';

/** Whether an entry of the rules means `who`: as it is, or as radosgw's ARN of a user. */
function isSame(entry: string, who: string): boolean {
  return entry === who || entry.endsWith(`:user/${who}`);
}
