import type { BucketAccess } from '../../core/access.ts';
import type { KnownBucket } from '../../sharing/access/known-buckets.ts';
import { visible, visibleJson } from '../log.ts';
import type { OwnBucket } from './owned-buckets.ts';

export interface OwnView {
  /** `allas:`. */
  readonly remote: string;
  readonly buckets: readonly OwnBucket[];
}

export interface SharedView extends KnownBucket {
  /** Why it cannot be listed; null where it can. */
  readonly trouble: string | null;
}

export interface BucketsView {
  readonly own: readonly OwnView[];
  readonly shared: readonly SharedView[];
}

export function bucketsText({ own, shared }: BucketsView): string {
  const mine = own.map(({ remote, buckets }) =>
    block(
      `Your buckets at ${remote}`,
      buckets.map(({ name, access }) => [name, sharedWith(access)] as const),
    ),
  );
  const theirs = shared.map(({ name, place, trouble }) => [`${name}:`, trouble ?? place] as const);
  return [...mine, block('Shared with you', theirs)].join('\n');
}

function block(title: string, rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(0, ...rows.map(([name]) => visible(name).length));
  const lines = rows.map(([name, text]) => `  ${visible(name).padEnd(width)}  ${visible(text)}`.trimEnd());
  return `${[visible(title), ...(lines.length > 0 ? lines : ['  none'])].join('\n')}\n`;
}

function sharedWith(access: BucketAccess | null): string {
  if (access === null) return 'the store does not tell who else may reach it';
  const { grants, isPublic, others } = access;
  return [
    ...(isPublic ? ['public'] : []),
    ...grants.map(({ who, read, write }) => `${who} (${read && write ? 'read, write' : write ? 'write' : 'read'})`),
    ...(others.length > 0 ? ['more rules: see coffer access'] : []),
  ].join(', ');
}

export function bucketsJson({ own, shared }: BucketsView): string {
  const mine = own.flatMap(({ remote, buckets }) =>
    buckets.map(({ name, access }) => ({
      bucket: `${remote}${name}`,
      public: access?.isPublic ?? null,
      projects: access?.grants.map(({ who, read, write }) => ({ project: who, read, write })) ?? null,
      others: access?.others ?? null,
    })),
  );
  const theirs = shared.map(({ name, place, trouble }) => ({ remote: `${name}:`, place, reachable: trouble === null }));
  return `${visibleJson(JSON.stringify({ own: mine, shared: theirs }, null, '\t'))}\n`;
}
