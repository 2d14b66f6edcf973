import { describe, expect, test } from 'vitest';
import { checkedName, dashWords, readWish } from '../../../src/sharing/access/wish.ts';

const wish = (line: string) => {
  const { bucket, change } = readWish(line.split(' '));
  return { bucket, change: change && { ...change, projects: Object.fromEntries(change.projects) } };
};

describe('what is asked of a bucket', () => {
  test.each([
    ['+r p b:c', { p: { read: true } }],
    ['+write p b:c', { p: { write: true } }],
    ['-rw p b:c', { p: { read: false, write: false } }],
    ['-wr p q b:c', { p: { read: false, write: false }, q: { read: false, write: false } }],
    ['+r p -w p q b:c', { p: { read: true, write: false }, q: { write: false } }],
    ['b:c +read-write p', { p: { read: true, write: true } }],
    ['+r p:* b:c', { p: { read: true } }],
    ['+r p:user b:c', { 'p:user': { read: true } }],
  ])('%s', (line, projects) => {
    expect(wish(line)).toEqual({ bucket: 'b:c', change: { projects } });
  });

  test.each([
    ['+p b:c', { projects: {}, isPublic: true }],
    ['-public b:c', { projects: {}, isPublic: false }],
    ['+r p -p b:c', { projects: { p: { read: true } }, isPublic: false }],
    ['b:c', null],
  ])('%s', (line, change) => expect(wish(line)).toEqual({ bucket: 'b:c', change }));

  test.each([
    ['+r b:c', '+r for whom'],
    ['-r', 'name the bucket'],
    ['p b:c', 'found "b:c" instead of +r'],
    ['+x p b:c', 'found "+x" instead of +r'],
    ['+p p b:c', 'found "p" instead of +r'],
    ['+r p,q b:c', 'not a project'],
    ['+r .r:* b:c', 'not a project'],
    ['+r * b:c', 'not a project'],
  ])('%s is refused', (line, message) => expect(() => wish(line)).toThrow(message));
});

test('a name that would say more in an ACL is none', () => {
  for (const name of ['', ' ', 'a b', 'a\n', '.rlistings', '-a', '*', '*:*']) expect(() => checkedName(name)).toThrow();
});

test('the words that look like flags are those with a dash', () => {
  expect(dashWords).toContain('-rw');
  expect(dashWords.every((word) => word.startsWith('-'))).toBe(true);
});
