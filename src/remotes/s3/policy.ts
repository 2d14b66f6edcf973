import type { AccessChange, BucketAccess, Grant, Rights } from '../../core/access.ts';
import { Failure } from '../../core/failure.ts';
import { isObject, objectIn, parseJson } from '../../core/json.ts';

// "Policies and permissions in Amazon S3" of the S3 user guide; radosgw takes a subset.

/** A statement, with what is not looked at kept as it is. */
interface Statement {
  readonly Sid?: unknown;
  readonly Effect?: unknown;
  readonly Principal?: unknown;
  readonly Action?: unknown;
  readonly Resource?: unknown;
  readonly [other: string]: unknown;
}

interface Policy {
  readonly Statement: readonly Statement[];
  readonly [other: string]: unknown;
}

/** The statements that are ours; all others stay as they are. */
const ours = {
  read: {
    sid: 'CofferRead',
    // What getting, looking up and listing needs.
    actions: ['s3:GetObject', 's3:ListBucket', 's3:GetBucketLocation'],
  },
  write: {
    sid: 'CofferWrite',
    actions: [
      ...['s3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload'],
      ...['s3:ListMultipartUploadParts', 's3:ListBucketMultipartUploads'],
    ],
  },
  anybody: { sid: 'CofferPublic', actions: ['s3:GetObject', 's3:ListBucket'] },
  owner: { sid: 'CofferOwner', actions: ['s3:GetObject'] },
} as const;

type Ours = (typeof ours)[keyof typeof ours];

/** The policy of `bucket` after a change; null for none. `owner` are the principals of the bucket's owner, where objects
 *  belong to whoever puts them: they keep the right to read what others put. Statements that are not ours stay, in their
 *  places. Throws Failure('corrupt') for a policy that cannot be read. */
export function changedPolicy(
  document: string | null,
  bucket: string,
  { projects, isPublic }: AccessChange,
  owner: readonly string[],
): string | null {
  const policy = parsePolicy(document, bucket);
  let statements = policy.Statement;
  for (const [who, rights] of projects) {
    const principal = principalOf(who);
    if (rights.read !== undefined) statements = withPrincipal(statements, bucket, ours.read, principal, rights.read);
    if (rights.write !== undefined) statements = withPrincipal(statements, bucket, ours.write, principal, rights.write);
  }
  if ([...projects.values()].some(({ write }) => write)) {
    for (const principal of owner) statements = withPrincipal(statements, bucket, ours.owner, principal, true);
  }
  if (isPublic !== undefined) statements = withPublic(statements, bucket, isPublic);
  if (statements === policy.Statement) return document;
  return statements.length === 0 ? null : JSON.stringify({ ...policy, Statement: statements });
}

/** How a policy names a project. An ARN is one already. */
function principalOf(who: string): string {
  return who.startsWith('arn:') ? who : `arn:aws:iam::${who}:root`;
}

function withPrincipal(
  statements: readonly Statement[],
  bucket: string,
  kind: Ours,
  principal: string,
  isGiven: boolean,
): readonly Statement[] {
  const old = statements.find(({ Sid }) => Sid === kind.sid);
  const before = old ? principalsIn(old) : [];
  if (before.includes(principal) === isGiven) return statements;
  const after = isGiven ? [...before, principal] : before.filter((one) => one !== principal);
  return replaced(statements, kind, after.length === 0 ? null : statementOf(kind, bucket, { AWS: after }));
}

function withPublic(statements: readonly Statement[], bucket: string, isPublic: boolean): readonly Statement[] {
  const isThere = statements.some(({ Sid }) => Sid === ours.anybody.sid);
  if (isThere === isPublic) return statements;
  return replaced(statements, ours.anybody, isPublic ? statementOf(ours.anybody, bucket, '*') : null);
}

function replaced(statements: readonly Statement[], { sid }: Ours, next: Statement | null): readonly Statement[] {
  const at = statements.findIndex(({ Sid }) => Sid === sid);
  if (at === -1) return next ? [...statements, next] : statements;
  return [...statements.slice(0, at), ...(next ? [next] : []), ...statements.slice(at + 1)];
}

function statementOf({ sid, actions }: Ours, bucket: string, principal: unknown): Statement {
  const Resource = resourcesOf(bucket);
  return { Sid: sid, Effect: 'Allow', Principal: principal, Action: actions, Resource };
}

function resourcesOf(bucket: string): readonly string[] {
  return [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`];
}

/** What a policy says: statements that allow somebody to read or write the whole bucket, whoever made them. */
export function accessIn(document: string | null, bucket: string): BucketAccess {
  const grants = new Map<string, Grant>();
  const others: string[] = [];
  let isPublic = false;
  for (const statement of parsePolicy(document, bucket).Statement) {
    // Our own right to what others put is no grant to somebody else.
    if (statement.Sid === ours.owner.sid) continue;
    const rights = rightsIn(statement, bucket);
    if (rights === null) {
      others.push(described(statement));
      continue;
    }
    for (const principal of principalsIn(statement)) {
      if (principal === '*') isPublic = true;
      else {
        const who = projectOf(principal);
        const before = grants.get(who);
        grants.set(who, { who, read: rights.read || !!before?.read, write: rights.write || !!before?.write });
      }
    }
  }
  return { grants: [...grants.values()], isPublic, others };
}

/** Null for what is more than a plain permission for the whole bucket. */
function rightsIn(statement: Statement, bucket: string): Rights | null {
  const known = new Set(['Sid', 'Effect', 'Principal', 'Action', 'Resource']);
  const isPlain = statement.Effect === 'Allow' && Object.keys(statement).every((key) => known.has(key));
  const resources = textsIn(statement.Resource);
  if (!isPlain || !resourcesOf(bucket).every((whole) => resources.includes(whole))) return null;
  const allows = (action: string): boolean => textsIn(statement.Action).some((pattern) => covers(pattern, action));
  const read = allows('s3:GetObject') && allows('s3:ListBucket');
  const write = allows('s3:PutObject');
  const isAnybody = principalsIn(statement).includes('*');
  return principalsIn(statement).length > 0 && (read || write) && !(isAnybody && write) ? { read, write } : null;
}

/** `s3:Get*` covers `s3:GetObject`; actions know no case. */
function covers(pattern: string, action: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    // One stands for as many as several, which would be tried in every combination.
    .replace(/\*+/g, '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'i').test(action);
}

function principalsIn({ Principal }: Statement): readonly string[] {
  if (Principal === '*') return ['*'];
  if (!isObject(Principal)) return [];
  const { AWS, ...rest } = Principal;
  return Object.keys(rest).length === 0 ? textsIn(AWS) : [];
}

function textsIn(value: unknown): readonly string[] {
  const list = Array.isArray(value) ? value : [value];
  return list.filter((item): item is string => typeof item === 'string');
}

/** The project of a principal that stands for one as a whole; others as they are. */
function projectOf(principal: string): string {
  return /^arn:aws:iam::([^:]+):root$/.exec(principal)?.[1] ?? principal;
}

function described(statement: Statement): string {
  const { Sid, Effect, Principal, Action } = statement;
  const conditions = Object.keys(statement).filter((key) => /^(Not|Condition)/.test(key));
  const name = typeof Sid === 'string' && Sid !== '' ? `statement ${Sid}` : 'a statement without Sid';
  const extra = conditions.length > 0 ? ` with ${conditions.join(', ')}` : '';
  return `${name}: ${textsIn(Effect).join('')} ${textsIn(Action).join(', ')} for ${JSON.stringify(Principal ?? 'others')}${extra}`;
}

function parsePolicy(document: string | null, bucket: string): Policy {
  if (document === null) return { Version: '2012-10-17', Statement: [] };
  const policy = objectIn(parseJson(document));
  const { Statement: given } = policy;
  const statements: readonly unknown[] = Array.isArray(given) ? given : [given];
  if (statements.every(isObject)) return { ...policy, Statement: statements };
  throw new Failure('corrupt', `${bucket}: its bucket policy cannot be read, so nothing was changed`, { path: bucket });
}
