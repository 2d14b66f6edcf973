import { isKernelOption } from '../../mount/attach/kernel-options.ts';

/** A command line, with what it adds to the environment. */
export interface HelperLine {
  /** mount(8) does all but the mounting. */
  readonly isFake: boolean;
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

// By a link of such a name, mount(8) finds us for lines of fstab with the type coffer or fuse.coffer.
const names = ['mount.coffer', 'mount.fuse.coffer'];

// For mount(8), systemd and the boot, not for us, or what the kernel does by itself. args2env is rclone's.
const others = /^(rw|defaults|relatime|_netdev|nofail|(no)?(users?|owner|group|auto)|args2env|comment=.*|x-.*)$/;

/** `mount.coffer allas-crypt: /mnt/allas -o ro,config=/etc/coffer.conf` as a command line of ours; null where `program` is
 *  no such link. What it does not know is left for the parser of flags to refuse. As rclone's mount helper: options are
 *  flags without the dashes, env.NAME=VALUE sets a variable, and the mount goes to the background. */
export function helperLine(program: string, words: readonly string[]): HelperLine | null {
  if (!names.includes(program.slice(program.lastIndexOf('/') + 1))) return null;
  const argv = ['mount', '--daemon'];
  const environment: Record<string, string> = {};
  let isFake = false;
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    // Sloppy, and without a line in /etc/mtab: there is nothing to do for either.
    if (word === '-s' || word === '-n') continue;
    if (word === '-f') isFake = true;
    else if (word === '-t') index++;
    else if (word === '-o') {
      for (const option of splitOptions(words[++index] ?? '')) addOption(option, argv, environment);
    } else argv.push(word);
  }
  return { isFake, argv, environment };
}

function addOption(option: string, argv: string[], environment: Record<string, string>): void {
  const [, variable, setting = ''] = /^env\.([^=]+)=(.*)$/s.exec(option) ?? [];
  if (others.test(option)) return;
  if (variable !== undefined) environment[variable] = setting;
  else if (/^v+$/.test(option)) argv.push(`-${option}`);
  else if (option === 'ro') argv.push('--read-only');
  else if (isKernelOption(option)) argv.push(`--option=${option}`);
  else {
    const [, name = option, value = ''] = /^([^=]*)(=.*)?$/s.exec(option) ?? [];
    argv.push(`--${name.toLowerCase().replaceAll('_', '-')}${value}`);
  }
}

/** Commas part options, but not in a value in quotes, in which a doubled quote stands for one. */
function splitOptions(text: string): readonly string[] {
  return [...text.matchAll(/([^,=]+)(?:=("(?:[^"]|"")*"|'(?:[^']|'')*'|[^,]*))?/g)].map(([, name = '', value]) =>
    value === undefined ? name : `${name}=${unquote(value)}`,
  );
}

function unquote(value: string): string {
  const quote = value[0];
  if (value.length < 2 || (quote !== '"' && quote !== "'") || value.at(-1) !== quote) return value;
  return value.slice(1, -1).replaceAll(quote + quote, quote);
}
