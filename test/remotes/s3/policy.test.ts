import { describe, expect, test } from 'vitest';
import type { AccessChange } from '../../../src/core/access.ts';
import { accessIn, changedPolicy } from '../../../src/remotes/s3/policy.ts';

const id = '3d5b0ae8e724439ba4cd16d1290abcde';
const root = `arn:aws:iam::${id}:root`;
const both = ['arn:aws:s3:::data', 'arn:aws:s3:::data/*'];
const give = (who: string, read?: boolean, write?: boolean): AccessChange => ({
  projects: new Map([[who, { ...(read !== undefined && { read }), ...(write !== undefined && { write }) }]]),
});
const apply = (document: string | null, change: AccessChange, owner: readonly string[] = []) =>
  changedPolicy(document, 'data', change, owner);
const statementsOf = (document: string | null) =>
  document === null ? [] : (JSON.parse(document) as { Statement: { Sid: string }[] }).Statement;

describe('a changed policy', () => {
  const foreign = {
    Version: '2008-10-17',
    Id: 'theirs',
    Statement: [
      { Sid: 'GrantSDConnectSharedAccess', Effect: 'Allow', Principal: { AWS: 'x' }, Action: 's3:*', Resource: both },
      { Effect: 'Deny', Principal: '*', NotAction: 's3:GetObject', Resource: both[1], Condition: { Bool: { a: 'b' } } },
    ],
  };

  test('names the project on the bucket and on all that is and will be in it', () => {
    const [read, write, ...none] = statementsOf(apply(null, give(id, true, true)));
    expect(none).toEqual([]);
    expect(read).toMatchObject({ Sid: 'CofferRead', Effect: 'Allow', Principal: { AWS: [root] }, Resource: both });
    expect(write).toMatchObject({ Sid: 'CofferWrite', Principal: { AWS: [root] }, Resource: both });
  });

  test('keeps the statements and fields of others, in their order', () => {
    const open = apply(JSON.stringify(foreign), give(id, true, true));
    expect(JSON.parse(open ?? '')).toMatchObject({ Version: '2008-10-17', Id: 'theirs' });
    expect(statementsOf(open).slice(0, 2)).toEqual(foreign.Statement);
    expect(JSON.parse(apply(open, give(id, false, false)) ?? '')).toEqual(foreign);
  });

  test('is the very document where there is nothing to change, and none where nothing is left', () => {
    const document = `${JSON.stringify(foreign, null, 3)}\n`;
    expect(apply(document, give(id, false))).toBe(document);
    expect(apply(null, give(id, false))).toBeNull();
    expect(apply(apply(null, give(id, true)), give(id, false))).toBeNull();
  });

  test('lets the owner read what others put, also when they are gone', () => {
    const open = apply(null, give(id, true, true), ['arn:aws:iam:::user/me']);
    expect(statementsOf(open).map(({ Sid }) => Sid)).toEqual(['CofferRead', 'CofferWrite', 'CofferOwner']);
    const closed = apply(open, give(id, false, false), ['arn:aws:iam:::user/me']);
    expect(statementsOf(closed).map(({ Sid }) => Sid)).toEqual(['CofferOwner']);
    expect(accessIn(closed, 'data').grants).toEqual([]);
  });

  test('takes an ARN as it is', () => {
    const [read] = statementsOf(apply(null, give('arn:aws:iam:::user/test2', true)));
    expect(read).toMatchObject({ Principal: { AWS: ['arn:aws:iam:::user/test2'] } });
  });

  test('is public and no longer', () => {
    const open = apply(JSON.stringify(foreign), { projects: new Map(), isPublic: true });
    expect(accessIn(open, 'data').isPublic).toBe(true);
    expect(JSON.parse(apply(open, { projects: new Map(), isPublic: false }) ?? '')).toEqual(foreign);
  });

  test.each(['', '[]', '{"Statement": 5}', '{"Statement": [null]}', '{'])('is refused where it is %j', (document) => {
    expect(() => apply(document, give(id, true))).toThrow('cannot be read');
  });
});

describe('what a policy says', () => {
  const says = (...statements: object[]) => accessIn(JSON.stringify({ Statement: statements }), 'data');
  const allow = { Effect: 'Allow', Principal: { AWS: root }, Resource: both };

  test('is told of anybody’s plain statements too', () => {
    expect(says({ ...allow, Action: ['s3:Get*', 's3:ListBucket'] }).grants).toEqual([
      { who: id, read: true, write: false },
    ]);
    expect(says({ ...allow, Action: 's3:*' }).grants).toEqual([{ who: id, read: true, write: true }]);
    expect(says({ ...allow, Principal: { AWS: [id, 'b'] }, Action: 's3:PutObject' }).grants).toEqual([
      { who: id, read: false, write: true },
      { who: 'b', read: false, write: true },
    ]);
  });

  test('is shown as it is where it is more than that', () => {
    const others = [
      { ...allow, Action: 's3:*', Condition: {} },
      { ...allow, Action: 's3:GetObject' },
      { ...allow, Action: 's3:*', Resource: 'arn:aws:s3:::data/a/*' },
      { ...allow, Action: 's3:*', Principal: { Federated: 'x' } },
      { ...allow, Action: 's3:*', Principal: '*' },
      { ...allow, Effect: 'Deny', Action: 's3:*', Sid: 'no' },
    ];
    const access = says(...others);
    expect(access.grants).toEqual([]);
    expect(access.others).toHaveLength(others.length);
    expect(access.others.at(-1)).toContain('statement no: Deny s3:*');
  });
});
