import { expect, test } from 'vitest';
import { shellLines } from '../../src/login/environment.ts';
import { mustRun } from '../servers/run.ts';

const named = (name: string) => ({ id: '1', name, domain: 'Default' });
const login = {
  authUrl: 'https://example.org/v3',
  user: named('alice'),
  project: named('project_1'),
  region: '',
  token: 'gAAAA-_=',
  storageUrl: 'https://example.org/v1/AUTH_1',
};

test.each(['sh', 'bash'])('what is exported arrives in %s as it is', async (shell) => {
  const lines = shellLines({ ...login, project: named(`it's $(touch /) \`x\` "y" \\ \n;z`) });
  const script = `eval "$1"; printf '%s\\0' "$OS_PROJECT_NAME" "$OS_AUTH_TOKEN" "$OS_STORAGE_URL"`;
  expect((await mustRun(shell, ['-c', script, shell, lines])).split('\0').slice(0, 3)).toEqual([
    `it's $(touch /) \`x\` "y" \\ \n;z`,
    login.token,
    login.storageUrl,
  ]);
});

test('a region is exported where one was chosen', () => {
  expect(shellLines(login)).not.toContain('OS_REGION_NAME');
  expect(shellLines({ ...login, region: 'north' })).toContain("export OS_REGION_NAME='north'\n");
});
