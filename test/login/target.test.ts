import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/config/config.ts';
import { findTarget, type Wish } from '../../src/login/target.ts';

const other = 'https://example.org:5000/v3';
const pouta = 'https://pouta.csc.fi:5001/v3';

function target(wish: Partial<Wish>, text = '', environment: Record<string, string> = {}) {
  const config = parseConfig(Buffer.from(text), '/rclone.conf', environment);
  return findTarget(
    { site: undefined, name: undefined, authUrl: undefined, isNew: true, ...wish },
    config,
    environment,
  );
}

describe('a login', () => {
  test('goes to Allas unless told otherwise', () => {
    expect(target({})).toMatchObject({ name: 'allas', s3Name: 's3allas', authUrl: pouta, known: null });
    expect(target({}).preset?.s3Endpoint).toBe('a3s.fi');
  });

  test('names its remotes after the site, or as it is told', () => {
    expect(target({ site: 'lab', authUrl: other })).toMatchObject({ name: 'lab', s3Name: 's3lab', preset: undefined });
    expect(target({ name: 'work', site: 'allas' })).toMatchObject({ name: 'work', s3Name: 's3work', authUrl: pouta });
  });

  test('goes where the remote of that name goes', () => {
    const text = `[lab]\ntype = swift\nauth = ${other}\nuser = alice\ntenant = p1\n`;
    expect(target({ site: 'lab' }, text)).toMatchObject({ authUrl: other, known: { user: 'alice', project: 'p1' } });
    expect(target({ name: 'lab' }, text)).toMatchObject({ authUrl: other });
  });

  test('knows nothing of a remote that is for another site', () => {
    const text = `[allas]\ntype = swift\nauth = ${other}\nuser = alice\n`;
    expect(target({ authUrl: pouta }, text)).toMatchObject({ authUrl: pouta, known: null });
  });

  test('that is new is not led astray by the variables of another site, one that there is follows them', () => {
    const text = '[allas]\ntype = swift\nenv_auth = true\n';
    const environment = { OS_AUTH_URL: other, OS_USERNAME: 'bob' };
    expect(target({}, text, environment)).toMatchObject({ authUrl: pouta, known: null });
    expect(target({ isNew: false }, text, environment)).toMatchObject({ authUrl: other, known: { user: 'bob' } });
    expect(target({}, text)).toMatchObject({ known: { isFromEnvironment: true } });
  });

  test.each([
    ['a site without an address', { site: 'mars' }, '', /not a site that coffer knows \(allas\)/],
    ['a name that a remote of another type has', {}, '[allas]\ntype = crypt\n', /"allas" .* type crypt/],
    ['an S3 name that a remote of another type has', {}, '[s3allas]\ntype = swift\n', /"s3allas" .* type swift/],
    ['a name that no remote can have', { name: 'a:b' }, '', /bad name/],
    ['an address of v2', { site: 'lab', authUrl: 'https://example.org/v2.0' }, '', /v2/],
  ])('refuses %s', (_, wish, text, reason) => {
    expect(() => target(wish, text)).toThrow(
      expect.objectContaining({ kind: 'usage', message: expect.stringMatching(reason) }),
    );
  });
});
