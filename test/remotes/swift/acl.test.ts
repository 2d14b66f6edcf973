import { describe, expect, test } from 'vitest';
import type { AccessChange } from '../../../src/core/access.ts';
import { type Acl, accessIn, changedAcl, isSameAcl } from '../../../src/remotes/swift/acl.ts';

const change = (who: string, read?: boolean, write?: boolean): AccessChange => ({
  projects: new Map([[who, { ...(read !== undefined && { read }), ...(write !== undefined && { write }) }]]),
});
const acl = (read = '', write = ''): Acl => ({ read, write });

describe('a changed ACL', () => {
  const foreign = ' a:b ,  .r:example.com,zed:*,.rlistings';

  test('has a new entry behind those of others, which keep their bytes', () => {
    expect(changedAcl(acl(foreign, 'x:y'), change('p', true), 'project')).toEqual(acl(`${foreign},p:*`, 'x:y'));
    expect(changedAcl(acl(), change('p', true, true), 'project')).toEqual(acl('p:*', 'p:*'));
  });

  test('loses an entry, and those of others keep their bytes', () => {
    expect(changedAcl(acl(` a:b ,p:*,  zed:*`, 'p:*'), change('p', false, false), 'project')).toEqual(
      acl(' a:b ,  zed:*'),
    );
    expect(changedAcl(acl(' p:* '), change('p', false), 'project')).toEqual(acl());
  });

  test('is the same text where there is nothing to change', () => {
    const before = acl(`${foreign},p:*`, ' p:*');
    expect(changedAcl(before, change('p', true, true), 'project')).toEqual(before);
    expect(changedAcl(before, change('q', false, false), 'project')).toEqual(before);
  });

  test('loses what names a project as a whole in either form, and keeps its single users', () => {
    expect(changedAcl(acl('p,p:*,p:user,pp:*,*:p'), change('p', false), 'project')).toEqual(acl('p:user,pp:*,*:p'));
    expect(changedAcl(acl('p:user,p:*'), change('p:user', false), 'project')).toEqual(acl('p:*'));
  });

  test('names an account of a version 1 login without a star', () => {
    expect(changedAcl(acl(), change('test2', true), 'account')).toEqual(acl('test2'));
  });

  test('is public and no longer, beside what was there', () => {
    const open = changedAcl(acl('a:*'), { projects: new Map(), isPublic: true }, 'project');
    expect(open).toEqual(acl('a:*,.r:*,.rlistings'));
    expect(changedAcl(open, { projects: new Map(), isPublic: false }, 'project')).toEqual(acl('a:*'));
  });
});

test('an ACL is the same in any order', () => {
  expect(isSameAcl(acl('a:*,b:*', 'c'), acl('b:*, a:*', 'c'))).toBe(true);
  expect(isSameAcl(acl('a:*'), acl('', 'a:*'))).toBe(false);
});

test('what an ACL says is told by project, with what is neither a project nor public', () => {
  expect(accessIn(acl('p:*,q:user, .r:*,.rlistings,.r:-bad.com,both', 'w:*,both:*'))).toEqual({
    grants: [
      { who: 'p', read: true, write: false },
      { who: 'q:user', read: true, write: false },
      { who: 'both', read: true, write: true },
      { who: 'w', read: false, write: true },
    ],
    isPublic: true,
    others: ['.r:-bad.com'],
  });
  expect(accessIn(acl('.r:*')).others).toEqual([expect.stringContaining('not list')]);
  expect(accessIn(acl('.rlistings'))).toMatchObject({ isPublic: false, others: [expect.stringContaining('nobody')] });
});
