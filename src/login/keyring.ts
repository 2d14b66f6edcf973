import { spawn } from 'node:child_process';
import { collect } from '../core/bytes.ts';
import { Failure, messageOf } from '../core/failure.ts';

/** Whose password. */
export interface Account {
  readonly authUrl: string;
  readonly user: string;
  readonly domain: string;
}

/** The desktop's keyring (freedesktop.org's Secret Service), reached through libsecret's secret-tool. */
export interface Keyring {
  /** Null when there is none, or no keyring that answers. */
  lookUp(account: Account): Promise<string | null>;
  /** Throws Failure('unsupported') where no keyring answers. */
  store(account: Account, password: string): Promise<void>;
  /** Whether there was one. */
  clear(account: Account): Promise<boolean>;
}

type Environment = Readonly<Record<string, string | undefined>>;

export function createKeyring(environment: Environment): Keyring {
  return {
    async lookUp(account) {
      const { code, output } = await secretTool(['lookup', ...attributes(account)], '', environment);
      return code === 0 && output !== '' ? output : null;
    },
    async store(account, password) {
      const label = `coffer login: ${account.user} at ${account.authUrl}`;
      const args = ['store', `--label=${label}`, ...attributes(account)];
      const { code, complaint } = await secretTool(args, password, environment);
      if (code !== 0)
        throw new Failure('unsupported', `no keyring takes the password: ${complaint || `exit code ${code}`}`);
    },
    async clear(account) {
      return (await secretTool(['clear', ...attributes(account)], '', environment)).code === 0;
    },
  };
}

function attributes({ authUrl, user, domain }: Account): readonly string[] {
  return ['application', 'coffer', 'auth', authUrl, 'user', user, 'domain', domain];
}

interface Outcome {
  /** Null when it could not be started, or was killed. */
  readonly code: number | null;
  readonly output: string;
  readonly complaint: string;
}

/** The secret goes in through a pipe: everybody can read a process's words. */
async function secretTool(args: readonly string[], input: string, environment: Environment): Promise<Outcome> {
  const child = spawn('secret-tool', args, { env: withoutPasswords(environment), stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = new Promise<Pick<Outcome, 'code'> & { readonly fault: string }>((resolve) => {
    child.once('error', (error) => resolve({ code: null, fault: startFault(error) }));
    child.once('close', (code) => resolve({ code, fault: '' }));
  });
  // It may end without reading.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [output, complaint, { code, fault }] = await Promise.all([collect(child.stdout), collect(child.stderr), ended]);
  return { code, output: Buffer.from(output).toString(), complaint: fault || Buffer.from(complaint).toString().trim() };
}

function startFault(error: NodeJS.ErrnoException): string {
  return error.code === 'ENOENT' ? 'secret-tool is not installed (apt-get install libsecret-tools)' : messageOf(error);
}

function withoutPasswords(environment: Environment): Record<string, string | undefined> {
  const { OS_PASSWORD: _login, RCLONE_CONFIG_PASS: _config, ...rest } = environment;
  return rest;
}
