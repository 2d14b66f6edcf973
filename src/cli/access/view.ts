import type { BucketAccess, Grant } from '../../core/access.ts';
import type { Proof, Trial } from '../../sharing/access/proof.ts';
import { visible, visibleJson } from '../log.ts';

export interface AccessView {
  /** `allas:data`. */
  readonly bucket: string;
  readonly access: BucketAccess;
  /** The owner's project, as the rules name it. */
  readonly self: string | null;
}

/** Who may reach a bucket, for people. */
export function accessText({ bucket, access, self }: AccessView): string {
  const rows = access.grants.map((grant) => [nameOf(grant, self), yes(grant.read), yes(grant.write)] as const);
  const table = [['project', 'read', 'write'] as const, ...rows, ['public', yes(access.isPublic), 'no'] as const];
  const width = Math.max(...table.map(([name]) => name.length));
  const lines = table.map(([name, read, write]) => `  ${name.padEnd(width)}  ${read.padEnd(4)}  ${write}`);
  const others = access.others.map((rule) => `  also: ${visible(rule)}`);
  return `${[visible(bucket), ...lines, ...others].join('\n')}\n`;
}

function nameOf({ who }: Grant, self: string | null): string {
  return `${visible(who)}${who === self ? ' (your own)' : ''}`;
}

function yes(isSo: boolean): string {
  return isSo ? 'yes' : 'no';
}

/** The same for programs; `proof` where one was made. */
export function accessJson({ bucket, access, self }: AccessView, proof: Proof | null): string {
  const { grants, isPublic, others } = access;
  const projects = grants.map(({ who, read, write }) => ({ project: who, read, write, own: who === self }));
  const shown = { bucket, public: isPublic, projects, others, ...(proof && { proof: proofFields(proof) }) };
  return `${visibleJson(JSON.stringify(shown, null, '\t'))}\n`;
}

function proofFields({ trials, readable }: Proof): object {
  return {
    trials: trials.map(({ what, isAllowed, isExpected }) => ({ what, allowed: isAllowed, expected: isExpected })),
    readable,
  };
}

/** What another project's login could do, for people. */
export function proofText(remote: string, { trials }: Proof): string {
  return trials.map((trial) => `${visible(remote)} ${trialText(trial)}\n`).join('');
}

const actions: Readonly<Record<Trial['what'], string>> = {
  list: 'list',
  read: 'read what is there',
  'read-new': 'read what is put now',
  write: 'put and remove',
};

export function trialText({ what, isAllowed, isExpected }: Trial): string {
  const verdict = isAllowed === isExpected ? 'as it should be' : 'and should';
  const wrong = isAllowed === isExpected ? '' : isAllowed ? ' not' : '';
  return `${isAllowed ? 'can' : 'cannot'} ${actions[what]}: ${verdict}${wrong}`;
}
