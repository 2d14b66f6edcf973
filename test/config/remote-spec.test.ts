import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRemoteSpec, remoteIdentity, remoteLabel } from '../../src/config/remote-spec.ts';
import { answers, startDaemon, waitFor } from '../servers/daemon.ts';
import { freePort } from '../servers/ports.ts';
import { run } from '../servers/run.ts';
import { testFolder } from './rclone.ts';

const folder = testFolder('spec');

const parsed = (text: string): unknown => {
  const { name, overrides, path } = parseRemoteSpec(text);
  return [name, Object.fromEntries(overrides), path];
};

describe('a local path is', () => {
  test.each(['/a/b', 'a', './a:b', 'a/b:c', 'a\\b:c', '.', ' ', 'a,b', '../x,y=z'])('%j', (text) => {
    expect(parsed(text)).toEqual([null, {}, text]);
  });
});

describe('a remote is', () => {
  test.each<[string, unknown]>([
    ['allas:', ['allas', {}, '']],
    ['a:/b//c/', ['a', {}, '/b//c/']],
    ['My remote.v2-x_y@z+1:b:c', ['My remote.v2-x_y@z+1', {}, 'b:c']],
    ['tälle:x', ['tälle', {}, 'x']],
    [':local:/tmp', [':local', {}, '/tmp']],
    ['a,x=1:p', ['a', { x: '1' }, 'p']],
    ['a,x,y=:p', ['a', { x: 'true', y: '' }, 'p']],
    [`:crypt,remote="b:c,d",x='it''s "q"':p`, [':crypt', { remote: 'b:c,d', x: `it's "q"` }, 'p']],
    ['a,x="say ""hi""":', ['a', { x: 'say "hi"' }, '']],
    ['a,x="",y=\'\':', ['a', { x: '', y: '' }, '']],
    [`a,x=b"c'd=e/f:p`, ['a', { x: `b"c'd=e/f` }, 'p']],
    ['a,x=1,x=2:', ['a', { x: '2' }, '']],
  ])('%j', (text, expected) => {
    expect(parsed(text)).toEqual(expected);
  });
});

const broken: [string, string][] = [
  ['', "can't use empty string as a path"],
  [':', 'config name needs a trailing `:`'],
  ['::', "config name can't be empty"],
  [',a=b:', "config name can't be empty"],
  [':/a:b', 'config name contains invalid characters'],
  ['a*b:c', 'config name contains invalid characters'],
  ['a,b/c:d', 'config parameters may only contain'],
  ['a,b-c=d:', 'config parameters may only contain'],
  ['a,:p', "config parameters can't be empty"],
  ['a,=x:p', "config parameters can't be empty"],
  [':a,x', 'config parameter must end with `,` or `:`'],
  [':a,x=y', 'unquoted config value must end with `,` or `:`'],
  [':a,x="y', 'unterminated quoted config value'],
  [':a,x="y"":z', 'unterminated quoted config value'],
  [':a,x="y"', 'expecting `:` or `,` or another quote after a quote'],
  [':a,x="y"z:', 'expecting `:` or `,` or another quote after a quote'],
];

describe('refused, in the words of rclone, is', () => {
  test.each(broken)('%j', async (text, why) => {
    expect(() => parseRemoteSpec(text)).toThrow(why);
    expect((await run('rclone', ['lsf', '--config', '', '--', text], { cwd: folder })).stderr).toContain(why);
  });

  test('a bad connection string, without showing its secrets', () => {
    const text = ':crypt,password=hunter2,password2="hunter3';
    expect(() => parseRemoteSpec(text)).toThrow('cannot parse remote ":crypt,…"');
    expect(() => parseRemoteSpec(text)).not.toThrow('hunter');
  });
});

test('an address without quotes, whose colon ends it, is told what it lacks', () => {
  const advice = 'put quotes around a value with a colon: auth="https://…"';
  expect(() => parseRemoteSpec(':swift,user=me,auth=https://host/v3,key=k:b')).toThrow(advice);
  expect(parseRemoteSpec(':swift,auth="https://host/v3":b').path).toBe('b');
  expect(parseRemoteSpec('a,x=http:/b').path).toBe('/b');
});

test('random specs are taken, or refused for the same reason, as by rclone', async () => {
  const address = `127.0.0.1:${await freePort()}`;
  const command = ['rclone', 'rcd', '--config', '', '--rc-addr', address, '--rc-no-auth'];
  const daemon = startDaemon({ name: 'rclone', command, folder });
  try {
    await waitFor('rclone rcd', [daemon], () => answers(`http://${address}/rc/noop`, { method: 'POST' }));
    const headers = { 'content-type': 'application/json' };
    const piece = fc.constantFrom(
      'a',
      'Bc',
      '_',
      '-',
      '.',
      ' ',
      ',',
      ',',
      '=',
      '=',
      ':',
      ':',
      '"',
      "'",
      '""',
      '/',
      '*',
      '€',
    );
    const specs = fc.array(piece, { minLength: 1, maxLength: 14 }).map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(specs, async (text) => {
        const body = JSON.stringify({ fs: text });
        const answer = await fetch(`http://${address}/operations/fsinfo`, { method: 'POST', headers, body });
        const { error = '' } = (await answer.json()) as { error?: string };
        expect(reasonFor(text)).toBe(reasons.find((reason) => error.includes(reason)) ?? '');
      }),
      { numRuns: 300 },
    );
  } finally {
    await daemon.stop();
  }
});

const reasons = [...new Set(broken.map(([, why]) => why))];

/** Why we refuse a spec, in rclone's words; empty when we take it. */
function reasonFor(text: string): string {
  try {
    parseRemoteSpec(text);
    return '';
  } catch (error) {
    return reasons.find((reason) => String(error).includes(reason)) ?? `unknown: ${error}`;
  }
}

test('a quoted value holds any text', () => {
  const quoted = fc.tuple(fc.string({ unit: 'grapheme' }), fc.constantFrom('"', "'"));
  fc.assert(
    fc.property(quoted, ([value, quote]) => {
      const text = `:a,x=${quote}${value.replaceAll(quote, quote + quote)}${quote},y=1:path`;
      expect(parsed(text)).toEqual([':a', { x: value, y: '1' }, 'path']);
    }),
  );
});

test('equal remotes have one identity, whatever the order of their options and their paths', () => {
  const identity = (text: string): string => remoteIdentity(parseRemoteSpec(text), 'swift');
  expect(identity('a,x=1,y="2":p')).toBe(identity("a,y='2',x=1:q"));
  expect(identity('a,x=1:')).not.toBe(identity('a,x=2:'));
  expect(identity('a:')).not.toBe(identity('A:'));
});

test('the label of a remote shows none of its options', () => {
  expect(remoteLabel(parseRemoteSpec('a:secret'))).toBe('a');
  expect(remoteLabel(parseRemoteSpec(':crypt,password=hunter2:'))).toBe(':crypt{…}');
  expect(remoteLabel(parseRemoteSpec('/tmp'))).toBe('local');
});
