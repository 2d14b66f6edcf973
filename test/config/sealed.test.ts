import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { deriveKey } from '../../src/config/config-key.ts';
import { sealConfig, sealedConfigIn } from '../../src/config/sealed.ts';
import { loadEngine } from '../../src/crypto/engine.ts';
import { mustRun, run } from '../servers/run.ts';
import { openFile, openWith } from './open.ts';
import { rcloneDump, testFolder, writeConfig } from './rclone.ts';
import { encryptByMenu } from './rclone-menu.ts';

const folder = testFolder('seal');
const plain = '# mine\n[allas]\ntype = swift\nkey = a # b "c"\n';
// A ligature and an accent of its own: NFKC turns them into `fi` and `é`.
const password = 'pässword \ufb01 e\u0301 "quoted"';
const env = { RCLONE_CONFIG_PASS: password };
const forms = ['rclone', 'scrypt'] as const;

/** A plain config, sealed by us. */
async function sealedFile(name: string, kdf: (typeof forms)[number]): Promise<string> {
  const path = writeConfig(folder, plain, name);
  await openFile(path).seal({ password, kdf });
  return path;
}

describe("a config sealed in rclone's form", () => {
  test('opens in rclone, which may change it, and then again here', async () => {
    const path = await sealedFile('to-rclone.conf', 'rclone');
    expect(await rcloneDump(path, { env })).toEqual({ allas: { type: 'swift', key: 'a # b "c"' } });
    await mustRun('rclone', ['config', 'create', 'more', 'alias', 'remote=/tmp', '--config', path], { env });
    expect((await openWith(path, password).read()).sections()).toEqual(['allas', 'more']);
  });

  test('by rclone is changed and stays sealed for rclone', async () => {
    const path = writeConfig(folder, plain, 'by-menu.conf');
    await encryptByMenu(path, password);
    await openWith(path, password).update((draft) => draft.set('b', new Map([['type', 'alias']])));
    expect(readFileSync(path, 'utf8')).toMatch(/^# .*\n\nRCLONE_ENCRYPT_V0:\n[\w+/=]+$/);
    expect(await rcloneDump(path, { env })).toMatchObject({ b: { type: 'alias' } });
    expect((await run('rclone', ['config', 'show', '--config', path], { env })).stdout).toContain('# mine\n');
  });
});

describe('a config sealed with scrypt', () => {
  test('opens with the password in any normal form, and with no other', async () => {
    const path = await sealedFile('scrypt.conf', 'scrypt');
    for (const form of ['NFC', 'NFD'] as const) {
      expect((await openWith(path, password.normalize(form)).read()).sections()).toEqual(['allas']);
    }
    await expect(openWith(path, 'wrong').read()).rejects.toMatchObject({ kind: 'wrong-password' });
  });

  test('is unsupported to rclone, which leaves it alone', async () => {
    const path = await sealedFile('not-for-rclone.conf', 'scrypt');
    const sealed = readFileSync(path);
    for (const command of [['dump'], ['create', 'more', 'alias', 'remote=/tmp'], ['touch']]) {
      const { code, stderr } = await run('rclone', ['config', ...command, '--config', path], { env });
      expect(stderr).toContain('unsupported configuration encryption');
      expect(code).toBe(1);
    }
    expect(readFileSync(path)).toEqual(sealed);
  });

  test('has the form that docs/formats.md describes', async () => {
    const sealed = readFileSync(await sealedFile('form.conf', 'scrypt'), 'utf8');
    const [, base64 = ''] = /^# .*\n\nRCLONE_ENCRYPT_VCOFFER1:\n([\w+/=]+)$/.exec(sealed) ?? [];
    const content = Buffer.from(base64, 'base64');
    expect([...content.subarray(0, 3)]).toEqual([16, 8, 1]);
    expect(content.length).toBe(3 + 16 + 24 + 16 + plain.length);
  });

  test.each([
    ['that would take a terabyte', [30, 128, 1], 'unsupported'],
    ['that would take an hour', [16, 8, 255], 'unsupported'],
    ['of nothing', [0, 0, 0], 'unsupported'],
    ['that scrypt does not take', [16, 1, 1], 'unsupported'],
  ])('with parameters %s is refused before it costs anything', async (_, parameters, kind) => {
    const content = Buffer.concat([Buffer.from(parameters), Buffer.alloc(80)]);
    const path = writeConfig(folder, `RCLONE_ENCRYPT_VCOFFER1:\n${content.toString('base64')}\n`);
    await expect(openWith(path, password).read()).rejects.toMatchObject({ kind });
  });
});

describe.each(forms)('a sealed config (%s)', (kdf) => {
  // Few rounds: each change of a byte is another derivation.
  const derivation = kdf === 'rclone' ? { kdf } : { kdf, logN: 4, r: 8, p: 1, salt: Buffer.alloc(16, 7) };
  const sealed = async (): Promise<Buffer> =>
    Buffer.from(sealConfig(Buffer.from(plain), await deriveKey(password, derivation), await loadEngine({})));

  test('keeps its key and form when it is changed, and asks for the password once', async () => {
    const path = writeConfig(folder, await sealed(), `${kdf}-asks.conf`);
    const questions: string[] = [];
    const prompt = async (question: string): Promise<string> => {
      questions.push(question);
      return password;
    };
    const file = openFile(path, { prompt });
    await file.read();
    const boxes = new Set<string>();
    for (const name of ['b', 'c']) {
      await file.update((draft) => draft.set(name, new Map([['type', 'alias']])));
      const now = sealedConfigIn(readFileSync(path));
      expect(now?.derivation).toEqual(derivation);
      boxes.add(Buffer.from(now?.box ?? []).toString('hex', 0, 24));
    }
    expect(boxes.size).toBe(2);
    expect((await file.read()).sections()).toEqual(['allas', 'b', 'c']);
    expect(questions).toHaveLength(1);
  });

  test('gets another password, and none', async () => {
    const path = writeConfig(folder, await sealed(), `${kdf}-change.conf`);
    const file = openWith(path, password);
    await file.seal({ password: 'another', kdf });
    expect(await file.kdf()).toBe(kdf);
    await expect(openWith(path, password).read()).rejects.toMatchObject({ kind: 'wrong-password' });
    await file.seal(null);
    expect(readFileSync(path, 'utf8')).toBe(plain);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await file.isSealed()).toBe(false);
  });

  test('is never overwritten by who cannot open it', async () => {
    const data = await sealed();
    const path = writeConfig(folder, data, `${kdf}-wrong.conf`);
    for (const file of [openWith(path, 'wrong'), openFile(path)]) {
      await expect(file.update((draft) => draft.remove('allas'))).rejects.toThrow(path);
      await expect(file.seal(null)).rejects.toThrow(path);
      await expect(file.seal({ password: 'new', kdf })).rejects.toThrow(path);
      await expect(file.touch()).rejects.toThrow(path);
    }
    expect(readFileSync(path)).toEqual(data);
  });

  test('with any byte changed, or cut anywhere, does not open and is left alone', async () => {
    const data = await sealed();
    const start = data.indexOf(':\n') + 2;
    const content = Buffer.from(data.subarray(start).toString(), 'base64');
    const changed = Array.from(content, (byte, i) => {
      const copy = Buffer.from(content);
      copy[i] = byte ^ 1;
      return data.toString('latin1', 0, start) + copy.toString('base64');
    });
    const least = '# Encrypted '.length;
    const cut = Array.from({ length: data.length - least }, (_, i) => data.toString('latin1', 0, least + i));
    for (const text of [...changed, ...cut]) {
      const path = writeConfig(folder, text, `${kdf}-damaged.conf`);
      const failure = await openWith(path, password)
        .touch()
        .catch((error: unknown) => error);
      expect(failure).toMatchObject({ kind: expect.stringMatching(/^(wrong-password|corrupt|unsupported)$/) });
      expect(readFileSync(path, 'latin1')).toBe(text);
    }
  });

  test('whose password another process has changed meanwhile asks for the new one', async () => {
    const path = writeConfig(folder, await sealed(), `${kdf}-meanwhile.conf`);
    const file = openFile(path, { environment: env, prompt: async () => 'another' });
    await file.read();
    await openWith(path, password).seal({ password: 'another', kdf });
    await file.update((draft) => draft.set('b', new Map([['type', 'alias']])));
    expect((await openWith(path, 'another').read()).sections()).toEqual(['allas', 'b']);
  });
});

test.each(forms)('a config that an earlier version sealed opens for ever (%s)', async (kdf) => {
  const path = join(import.meta.dirname, '../vectors/sealed-config', `${kdf}.conf`);
  const text = await openWith(path, 'pa\u0308ssword \ufb01').text();
  expect(Buffer.from(text ?? []).toString()).toBe('# kept for ever\n[allas]\ntype = swift\nkey = a # b "c"\n');
});

test.each(['RCLONE_ENCRYPT_V1:\nAAAA\n', 'RCLONE_ENCRYPT_VCOFFER2:\nAAAA\n'])(
  'a config sealed in an unknown form is left alone: %j',
  async (text) => {
    const path = writeConfig(folder, text);
    const file = openWith(path, password);
    const failure = { kind: 'unsupported', message: expect.stringContaining(path) };
    await expect(file.isSealed()).rejects.toMatchObject(failure);
    await expect(file.update((draft) => draft.set('a', new Map()))).rejects.toMatchObject(failure);
    await expect(file.seal({ password, kdf: 'rclone' })).rejects.toMatchObject(failure);
    expect(readFileSync(path, 'utf8')).toBe(text);
  },
);

test.each(['', ' \t'])('a password without a character is refused: %j', async (empty) => {
  const path = join(folder, 'never.conf');
  await expect(openFile(path).seal({ password: empty, kdf: 'rclone' })).rejects.toMatchObject({ kind: 'usage' });
});
