import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, inject, test } from 'vitest';
import { pinOf } from '../../src/sharing/join-plan.ts';
import { openShare } from '../../src/sharing/share.ts';
import { encryptByMenu } from '../config/rclone-menu.ts';
import { configText, crypt } from '../servers/remotes.ts';
import { createSites, type Site } from './sites.ts';

const { folder, path, site } = createSites('share');

let count = 0;

/** A maker whose crypt remote `secret:` lies in a new folder, with a file in it. */
async function makerOf(): Promise<{ maker: Site; sealed: string }> {
  const sealed = path(`sealed-${++count}`);
  mkdirSync(sealed);
  const maker = await site('kaisa', { secret: crypt(sealed), store: { type: 'alias', remote: sealed } });
  await must(maker.coffer(['rcat', 'secret:job_6/hello.xrsl'], { input: 'hello' }));
  return { maker, sealed };
}

async function must(running: ReturnType<Site['coffer']>): Promise<string> {
  const { code, stdout, stderr } = await running;
  expect(code, stderr).toBe(0);
  return stdout + stderr;
}

async function refused(running: ReturnType<Site['coffer']>): Promise<string> {
  const result = await running;
  expect(result.code, result.stdout + result.stderr).toBeGreaterThan(0);
  return result.stderr;
}

const share = (maker: Site, ...more: readonly string[]) => maker.coffer(['share', 'secret:', ...more]);
const fingerprintIn = (text: string): string => /igned with the key (SHA256:\S+)/.exec(text)?.[1] ?? '';

describe('a share in a file', () => {
  test('gives another site the remote, for coffer and for rclone', async () => {
    const { maker, sealed } = await makerOf();
    const other = await site('turku');
    const said = await must(share(maker, '--to', other.publicKey, '-o', path('a.share'), '--label', 'Kaisa'));
    const joined = await must(other.coffer(['join', '--yes', '--base', sealed, path('a.share')]));
    expect(joined).toContain(`Share made by "Kaisa"\nsigning key ${fingerprintIn(said)}\n`);
    expect(joined).toContain('compare its fingerprint with the maker');
    expect(joined).toContain('password = ***');
    expect(joined).toContain('secret: works');
    expect(joined).not.toContain(crypt('').password);
    for (const program of [other.coffer, other.rclone]) {
      expect(await must(program(['cat', 'secret:job_6/hello.xrsl']))).toContain('hello');
    }
    expect((await other.rclone(['config', 'show', 'secret'])).stdout).toContain(
      `share_maker = ${fingerprintIn(said)}\n`,
    );
    await must(other.rclone(['copyto', path('a.share'), 'secret:from-turku']));
    expect(await must(maker.coffer(['cat', 'secret:from-turku']))).toBe(readFileSync(path('a.share'), 'utf8'));
  });

  test('goes to standard output and comes from standard input', async () => {
    const { maker, sealed } = await makerOf();
    const other = await site('turku');
    const { stdout } = await share(maker, '--to', other.publicKey);
    const mail = `Hi,\r\n${stdout.replaceAll('\n', '\r\n')}\r\nbye`;
    const args = ['join', '--base', sealed, '-'];
    expect(await refused(other.coffer(args, { input: mail }))).toContain('add --yes');
    await must(other.coffer([...args, '--yes'], { input: mail }));
    expect(await must(other.coffer(['lsf', 'secret:']))).toBe('job_6/\n');
  });

  test('is asked about: y writes it, n does not', async () => {
    const { maker, sealed } = await makerOf();
    const other = await site('turku');
    await must(share(maker, '--to', other.publicKey, '-o', path('b.share')));
    const args = ['join', '--base', sealed, path('b.share')];
    for (const input of ['n\n', '\n']) {
      expect(await must(other.coffer(args, { input }))).toContain('Nothing was changed.');
      expect(readFileSync(other.config, 'utf8')).toBe('');
    }
    expect(await must(other.coffer(args, { input: 'y\n' }))).toContain('secret: works');
    expect(await must(other.coffer(args, { input: '' }))).toContain('as the share says');
  });

  test('opens for nobody else', async () => {
    const { maker, sealed } = await makerOf();
    const [other, stranger] = [await site('turku'), await site('oulu')];
    await must(share(maker, '--to', other.publicKey, '-o', path('c.share')));
    for (const args of [
      ['join', '--yes', '--base', sealed],
      ['share', 'list'],
    ]) {
      expect(await refused(stranger.coffer([...args, path('c.share')]))).toContain('not sealed to your key (SHA256:');
    }
    expect(readFileSync(stranger.config, 'utf8')).toBe('');
  });

  test('does not steer the terminal of who reads it', async () => {
    const { maker, sealed } = await makerOf();
    const to = `\u001b[2Jturku\u202e=${maker.publicKey}`;
    const { stdout, stderr } = await share(maker, '--to', to, '--label', 'Kaisa\u009b2J\nnobody');
    const other = await site('turku');
    const refusal = await refused(other.coffer(['share', 'list', '-'], { input: stdout }));
    const list = await must(maker.coffer(['share', 'list', '-'], { input: stdout }));
    const env = { C4GH_SECRET_KEY: `${maker.home}/.c4gh/key` };
    const joined = await must(other.coffer(['join', '--yes', '--base', sealed, '-'], { input: stdout, env }));
    for (const text of [stderr, refusal, list, joined]) expect(text).not.toMatch(/[^\n\P{Cc}]|\u202e/u);
    expect(list).toContain(String.raw`"Kaisa\u009b2J\nnobody"`);
  });

  test('is read whole from a pipe that brings it line by line', async () => {
    const { maker } = await makerOf();
    const { stdout } = await share(maker, '--to', (await site('turku')).publicKey);
    const lines = stdout.split(/(?<=\n)/);
    expect(await must(maker.coffer(['share', 'list', '-'], { input: lines }))).toContain('signing key SHA256:');
  });

  test('is neither made nor joined under --dry-run', async () => {
    const { maker, sealed } = await makerOf();
    const before = readFileSync(maker.config);
    const args = ['--to', maker.publicKey, '-o', path('d.share')];
    await must(share(maker, ...args, '--publish', '--dry-run'));
    expect(readdirSync(folder)).not.toContain('d.share');
    expect(readdirSync(sealed)).not.toContain('.coffer-share');
    expect(readFileSync(maker.config)).toEqual(before);
    await must(share(maker, ...args));
    const other = await site('turku');
    copyFileSync(`${maker.home}/.c4gh/key`, `${other.home}/key`);
    await must(other.coffer(['join', '-n', '--key', `${other.home}/key`, '--base', sealed, path('d.share')]));
    expect(readFileSync(other.config, 'utf8')).toBe('');
  });

  test('goes into a sealed config, which stays sealed', async () => {
    const { maker, sealed } = await makerOf();
    const other = await site('turku', { mine: { type: 'memory' } });
    await encryptByMenu(other.config, 'open sesame');
    await must(share(maker, '--to', other.publicKey, '-o', path('e.share')));
    const env = { RCLONE_CONFIG_PASS: 'open sesame' };
    await must(other.coffer(['join', '--yes', '--base', sealed, path('e.share')], { env }));
    expect(readFileSync(other.config, 'utf8')).toContain('RCLONE_ENCRYPT_V0:');
    expect(await must(other.rclone(['lsf', 'secret:'], { env }))).toBe('job_6/\n');
    expect(await must(other.rclone(['listremotes'], { env }))).toBe('mine:\nsecret:\n');
  });
});

describe('a remote of the same name', () => {
  test('is replaced only by --force, or stays beside --as', async () => {
    const { maker, sealed } = await makerOf();
    const other = await site('turku', { secret: { type: 'memory', mine: 'yes' } });
    await must(share(maker, '--to', other.publicKey, '-o', path('f.share')));
    const before = readFileSync(other.config);
    const args = ['join', '--yes', '--base', sealed, path('f.share')];
    expect(await refused(other.coffer(args))).toContain('your config has secret already: --force replaces');
    expect(readFileSync(other.config)).toEqual(before);
    await must(other.coffer([...args, '--as', 'theirs']));
    expect(await must(other.coffer(['lsf', 'theirs:']))).toBe('job_6/\n');
    expect(readFileSync(other.config, 'utf8').startsWith(before.toString())).toBe(true);
    await must(other.coffer([...args, '--force']));
    expect(readFileSync(other.config, 'utf8')).not.toContain('mine = yes');
  });
});

describe('a published share', () => {
  test('is all that a site needs that can reach the place', async () => {
    const { maker, sealed } = await makerOf();
    const other = await site('turku');
    await must(share(maker, '--to', other.publicKey, '--publish'));
    const joined = await must(other.coffer(['join', '--yes', sealed]));
    expect(joined).toContain(`remote = ${sealed}\n`);
    expect(await must(other.coffer(['lsf', 'secret:']))).toBe('job_6/\n');
  });

  test('is not seen in the remote, nor in the way of it', async () => {
    const { maker, sealed } = await makerOf();
    await must(maker.coffer(['purge', 'secret:job_6']));
    await must(share(maker, '--to', maker.publicKey, '--publish'));
    expect(readdirSync(sealed)).toEqual(['.coffer-share']);
    for (const program of [maker.coffer, maker.rclone]) {
      expect(await must(program(['lsf', 'secret:', '-q']))).toBe('');
    }
    for (const program of [maker.coffer, maker.rclone]) {
      await must(program(['sync', maker.home, 'secret:', '--include', '*.pub', '-q']));
      expect(await must(program(['lsf', 'secret:', '-q']))).toBe('kaisa.pub\n');
    }
    await must(maker.coffer(['check', maker.home, 'secret:', '--include', '*.pub']));
    expect(readdirSync(sealed)).toContain('.coffer-share');
  });

  test('of somebody else is not replaced', async () => {
    const { maker, sealed } = await makerOf();
    const other = await site('turku', { secret: crypt(sealed) });
    await must(share(maker, '--to', other.publicKey, '--publish', '--label', 'Kaisa'));
    const args = ['--to', maker.publicKey, '--publish'];
    expect(await refused(share(other, ...args))).toContain('somebody else\'s share (made by "Kaisa"');
    const third = await site('oulu', { secret: crypt(sealed) });
    expect(await refused(share(third, ...args))).toContain('it cannot be opened with your key');
  });

  test('is joined again after a change, by the name of the remote', async () => {
    const { maker, sealed } = await makerOf();
    const other = await site('turku');
    await must(share(maker, '--to', other.publicKey, '--publish'));
    await must(other.coffer(['join', '--yes', sealed]));
    const changed = crypt(sealed, { suffix: '.sealed' });
    writeFileSync(maker.config, configText({ secret: changed }));
    await must(share(maker, '--to', other.publicKey, '--publish'));
    expect(await must(other.coffer(['join', '--yes', 'secret:']))).toContain('in place of what the last share wrote');
    expect(readFileSync(other.config, 'utf8')).toContain('suffix = .sealed');
  });
});

describe('who can open a share', () => {
  test('is listed, extended and cut down by its maker', async () => {
    const { maker, sealed } = await makerOf();
    const [turku, oulu] = [await site('turku'), await site('oulu')];
    await must(share(maker, '--to', turku.publicKey, '--publish', '--label', 'Kaisa'));
    await must(turku.coffer(['join', '--yes', sealed]));
    await must(maker.coffer(['share', 'add', 'secret:', '--to', oulu.publicKey]));
    const listed = await must(turku.coffer(['share', 'list', 'secret:']));
    expect(listed).toMatch(/"Kaisa" {2}\(maker\)\n.* {2}"turku" {2}\(you\)\n.* {2}"oulu"\n/);
    await must(oulu.coffer(['join', '--yes', sealed]));

    for (const args of [
      ['share', 'add', sealed, '--to', oulu.publicKey],
      ['share', 'remove', sealed, 'oulu'],
    ]) {
      expect(await refused(turku.coffer(args))).toContain('only its maker can change this share (made by "Kaisa"');
    }
    const said = await must(maker.coffer(['share', 'remove', 'secret:', 'oulu']));
    expect(said).toContain('coffer rekey secret:');
    expect(await refused(oulu.coffer(['join', '--yes', sealed]))).toContain('not sealed to your key');
    await must(turku.coffer(['join', '--yes', sealed]));
    expect(await refused(maker.coffer(['share', 'remove', 'secret:', 'oulu']))).toContain('nobody who can open');
  });

  test('is not changed twice at once: what another command has changed meanwhile stands', async () => {
    const { maker, sealed } = await makerOf();
    const [turku, oulu] = [await site('turku'), await site('oulu')];
    await must(share(maker, '--to', turku.publicKey, '--publish'));
    const slow = path('slow-key');
    execFileSync('mkfifo', ['-m', '600', slow]);
    const adding = maker.coffer(['share', 'add', 'secret:', '--to', oulu.publicKey, '--key', slow]);
    const key = await open(slow, 'w');
    await must(maker.coffer(['share', 'remove', 'secret:', 'turku']));
    await key.writeFile(readFileSync(`${maker.home}/.c4gh/key`));
    await key.close();
    expect(await refused(adding)).toContain(
      '.coffer-share was changed by another command meanwhile: run this one again',
    );
    expect(await refused(turku.coffer(['join', '--yes', sealed]))).toContain('not sealed to your key');
  });

  test('is not changed in silence where another command replaces it in the same moment', async () => {
    const { maker, sealed } = await makerOf();
    const [turku, oulu] = [await site('turku'), await site('oulu')];
    await must(share(maker, '--to', turku.publicKey, '--publish'));
    const [published, other] = [`${sealed}/.coffer-share`, path('another.share')];
    await must(share(maker, '--to', turku.publicKey, '-o', other));
    const before = readFileSync(published, 'utf8');
    const adding = maker.coffer(['share', 'add', 'secret:', '--to', oulu.publicKey]);
    while (readFileSync(published, 'utf8') === before) await sleep(2);
    copyFileSync(other, published);
    expect(await refused(adding)).toContain('was changed by another command meanwhile: run this one again');
  });

  test('stays the same when it is renewed from the config', async () => {
    const { maker, sealed } = await makerOf();
    const turku = await site('turku');
    await must(share(maker, '--to', `Turku office=${turku.publicKey}`, '--publish'));
    await must(maker.coffer(['config', 'update', 'secret', 'suffix', '.sealed']));
    await must(maker.coffer(['share', 'renew', 'secret:']));
    expect(await must(turku.coffer(['join', '--yes', sealed]))).toContain('suffix = .sealed');
    expect(await must(turku.coffer(['share', 'list', sealed]))).toContain('"Turku office"  (you)');
  });

  test('gets new passwords with the data, if they do not leave', async () => {
    const { maker, sealed } = await makerOf();
    const [turku, oulu] = [await site('turku'), await site('oulu')];
    await must(share(maker, '--to', turku.publicKey, '--to', oulu.publicKey, '--publish'));
    for (const one of [turku, oulu]) await must(one.coffer(['join', '--yes', sealed]));
    const before = readFileSync(maker.config);
    expect(await refused(maker.coffer(['rekey', '--generate', '--remove', 'pori', 'secret:']))).toContain('"pori"');
    expect(readFileSync(maker.config)).toEqual(before);
    const said = await must(maker.coffer(['rekey', '--generate', '--remove', 'oulu', 'secret:']));
    expect(said).not.toContain('"oulu"');
    expect(await refused(turku.coffer(['ls', 'secret:']))).toContain(
      'wrong password, or other data is stored there. A share',
    );
    await must(turku.coffer(['join', '--yes', 'secret:']));
    expect(readFileSync(turku.config, 'utf8')).not.toContain('previous_');
    for (const program of [turku.coffer, turku.rclone]) {
      expect(await must(program(['cat', 'secret:job_6/hello.xrsl', '-q']))).toBe('hello');
    }
    expect(await refused(oulu.coffer(['join', '--yes', sealed]))).toContain('not sealed to your key');
    expect(await refused(oulu.coffer(['ls', 'secret:job_6']))).toContain('wrong password');
    expect(await refused(oulu.coffer(['ls', 'secret:']))).toContain('`coffer join secret:` gets the passwords');
  });

  test('lets the same rekey be run again that was killed after it had taken somebody out', async () => {
    const { maker } = await makerOf();
    const oulu = await site('oulu');
    await must(share(maker, '--to', oulu.publicKey, '--publish'));
    const old = /^password = (.*)$/m.exec(readFileSync(maker.config, 'utf8'))?.[1] ?? '';
    const rekey = ['rekey', '--generate', '--remove', 'oulu', 'secret:'];
    await must(maker.coffer(rekey));
    await must(maker.coffer(['config', 'update', 'secret', 'previous_password', old]));
    await must(maker.coffer(rekey));
    expect(readFileSync(maker.config, 'utf8')).not.toContain('previous_');
    expect(await must(maker.coffer(['share', 'list', 'secret:']))).not.toContain('"oulu"');
    expect(await refused(maker.coffer(rekey))).toContain('nobody who can open the share is called "oulu"');
  });

  test('is changed where it is published and in a file, whichever was made last', async () => {
    const { maker } = await makerOf();
    const [turku, oulu] = [await site('turku'), await site('oulu')];
    const to = ['--to', turku.publicKey];
    await must(share(maker, ...to, '-o', path('first.share')));
    await must(share(maker, ...to, '--publish'));
    await must(share(maker, ...to, '-o', path('last.share')));
    for (const spec of [path('first.share'), 'secret:', path('last.share'), 'secret:', path('first.share')]) {
      await must(maker.coffer(['share', 'renew', spec]));
      await must(maker.coffer(['share', 'add', spec, '--to', oulu.publicKey]));
    }
  });

  test('is changed in a file, and from input to output', async () => {
    const { maker } = await makerOf();
    const [turku, oulu] = [await site('turku'), await site('oulu')];
    await must(share(maker, '--to', turku.publicKey, '-o', path('g.share')));
    await must(maker.coffer(['share', 'add', path('g.share'), '--to', oulu.publicKey]));
    const text = readFileSync(path('g.share'), 'utf8');
    expect(openShare(text, oulu.key).recipients).toHaveLength(3);
    const { stdout } = await maker.coffer(['share', 'remove', '-', 'oulu'], { input: text });
    expect(openShare(stdout, turku.key).serial).toBeGreaterThan(openShare(text, turku.key).serial);
    expect(() => openShare(stdout, oulu.key)).toThrow('not sealed to your key');
  });
});

describe('a store that plays tricks', () => {
  test('with an older share is noticed, by a site and by the maker', async () => {
    const { maker, sealed } = await makerOf();
    const [turku, oulu] = [await site('turku'), await site('oulu')];
    await must(share(maker, '--to', turku.publicKey, '--to', oulu.publicKey, '--publish'));
    copyFileSync(`${sealed}/.coffer-share`, path('old.share'));
    await must(maker.coffer(['share', 'remove', 'secret:', 'oulu']));
    await must(turku.coffer(['join', '--yes', sealed]));
    copyFileSync(path('old.share'), `${sealed}/.coffer-share`);

    const before = readFileSync(turku.config);
    expect(await refused(turku.coffer(['join', '--yes', sealed]))).toContain('is older than the last one');
    expect(readFileSync(turku.config)).toEqual(before);
    expect(await refused(maker.coffer(['share', 'add', 'secret:', '--to', turku.publicKey]))).toContain('is older');
    expect(await must(turku.coffer(['share', 'list', 'secret:']))).toContain('is older');
    await must(turku.coffer(['join', '--yes', '--accept-older', sealed]));
  });

  test('with the share of another remote cannot have it sealed to the people of this one', async () => {
    const { maker, sealed } = await makerOf();
    const [turku, mallory] = [await site('turku'), await site('mallory')];
    await must(share(maker, '--to', mallory.publicKey, '--publish'));
    const other = path(`sealed-${++count}`);
    mkdirSync(other);
    await must(maker.coffer(['config', 'create', 'other', 'crypt', `remote=${other}`, 'password=potato', '-q']));
    await must(maker.coffer(['share', 'other:', '--to', turku.publicKey, '-o', `${sealed}/.coffer-share`]));
    const swapped = readFileSync(`${sealed}/.coffer-share`);
    for (const args of [
      ['add', 'secret:', '--to', mallory.publicKey],
      ['remove', 'secret:', 'turku'],
      ['renew', 'secret:'],
    ]) {
      expect(await refused(maker.coffer(['share', ...args]))).toContain('is of another remote, "other"');
    }
    expect(readFileSync(`${sealed}/.coffer-share`)).toEqual(swapped);
  });

  test('with a share of another maker is noticed', async () => {
    const { maker, sealed } = await makerOf();
    const [turku, mallory] = [await site('turku'), await site('mallory', { secret: crypt(sealed) })];
    await must(share(maker, '--to', turku.publicKey, '--publish', '--label', 'Kaisa'));
    await must(turku.coffer(['join', '--yes', sealed]));
    await must(share(mallory, '--to', turku.publicKey, '-o', `${sealed}/.coffer-share`, '--label', 'Kaisa'));
    const theirs = pinOf(openShare(readFileSync(`${sealed}/.coffer-share`, 'utf8'), turku.key)).maker;

    const before = readFileSync(turku.config);
    const join = ['join', '--yes', '--force', sealed];
    const said = await refused(turku.coffer(join));
    expect(said).toContain('signed by another key than before');
    expect(said).toContain(`--accept-maker ${theirs}`);
    expect(await refused(turku.coffer([...join, '--accept-maker', 'SHA256:other']))).toContain('was signed by');
    expect(readFileSync(turku.config)).toEqual(before);
    await must(turku.coffer([...join, '--accept-maker', theirs]));
    expect(readFileSync(turku.config, 'utf8')).toContain(`share_maker = ${theirs}`);
  });
});

describe('a maker is told', () => {
  let maker: Site | undefined;

  test.each<[string, readonly string[], string]>([
    ['to say who may open it', ['share', 'secret:'], '--to their-key.pub'],
    ['that a key is no public one', ['share', 'secret:', '--to', 'rclone.conf'], 'rclone.conf: '],
    ['that a key is secret', ['share', 'secret:', '--to', '.c4gh/key'], 'this is a secret key'],
    ['to name a whole remote', ['share', 'secret:job_6', '--to', 'kaisa.pub'], 'give its name and a colon'],
    [
      'that a remote is not there',
      ['share', 'nothing:', '--to', 'kaisa.pub'],
      'didn\'t find section in config file ("nothing")',
    ],
    ['that no share is there', ['share', 'list', 'secret:'], 'there is no share'],
    ['that a file is no share', ['join', 'rclone.conf'], 'not a whole share'],
  ])('%s', async (_, args, message) => {
    maker ??= (await makerOf()).maker;
    expect(await refused(maker.coffer(args, { cwd: maker.home }))).toContain(message);
  });
});

describe('over a Swift', () => {
  const { remotes } = inject('lab');
  const bucket = `share-${process.pid}-${Date.now()}`;

  test('sites with a login of their own join from the bucket and from mail', async () => {
    const maker = await site('kaisa', { lab: remotes['swift-v1'], secret: crypt(`lab:${bucket}/sealed`) });
    const [turku, oulu, pori] = [
      await site('turku', { own: remotes['swift-v1'] }),
      await site('oulu', { lab: remotes['swift-v1'] }),
      await site('pori'),
    ];
    await must(maker.coffer(['rcat', 'secret:hello'], { input: 'hello' }));
    const to = [turku, oulu, pori].flatMap(({ publicKey }) => ['--to', publicKey]);
    const said = await must(share(maker, ...to, '--publish', '-o', path('swift.share')));
    expect(said).toContain('Left out: lab: user, lab: key');
    expect(said).toContain(`Published as lab:${bucket}/sealed/.coffer-share`);

    expect(await must(turku.coffer(['join', '--yes', `own:${bucket}/sealed`]))).toContain('secret: works');
    expect(await must(oulu.coffer(['join', '--yes', path('swift.share')]))).toContain('secret: works');
    for (const one of [turku, oulu]) {
      for (const program of [one.coffer, one.rclone]) {
        expect(await must(program(['cat', 'secret:hello', '-q']))).toBe('hello');
        expect(await must(program(['lsf', 'secret:', '-q']))).toBe('hello\n');
      }
    }
    expect(await must(pori.coffer(['join', '--yes', path('swift.share')]))).toContain('lab: has no login yet');
    expect(readFileSync(pori.config, 'utf8')).not.toContain('testing');
    expect(await refused(turku.coffer(['join', '--yes', 'own:']))).toContain('is not a bucket');
  });

  test('a site without one joins when the login is shared', async () => {
    const maker = await site('kaisa', { lab: remotes['swift-v1'], secret: crypt(`lab:${bucket}/sealed`) });
    const other = await site('turku');
    await must(share(maker, '--to', other.publicKey, '--with-credentials', '-o', path('login.share')));
    const said = await must(other.coffer(['join', '--yes', path('login.share')]));
    expect(said).toContain('key = ***');
    expect(said).toContain('WARNING: "lab" is reached without TLS');
    expect(await must(other.rclone(['cat', 'secret:hello', '-q']))).toBe('hello');
  });

  test('a share in the wrong bucket is refused', async () => {
    const maker = await site('kaisa', { lab: remotes['swift-v1'], secret: crypt(`lab:${bucket}/sealed`) });
    await must(share(maker, '--to', maker.publicKey, '-o', `lab:${bucket}/other/.coffer-share`));
    const said = await refused(maker.coffer(['join', '--yes', '--as', 'b', `lab:${bucket}/other`]));
    expect(said).toContain(`was made for another place, "${bucket}/sealed"`);
    const added = await refused(maker.coffer(['share', 'add', '--to', maker.publicKey, `lab:${bucket}/other`]));
    expect(added).toContain(`is of another remote, "secret" in "${bucket}/sealed"`);
  });
});
