import { describe, expect, it } from 'vitest';
import { count, durationFlag, integerFlag, listFlag, optionalText, textFlag, toggle } from '../../src/cli/flags.ts';
import { parseCommandLine } from '../../src/cli/parse.ts';

const specs = {
  depth: integerFlag('', -1),
  'dir-slash': toggle('', 'd', true),
  format: textFlag('', { short: 'F', initial: 'p' }),
  include: listFlag(''),
  recursive: toggle('', 'R'),
  stamp: optionalText('', { short: 't' }),
  verbose: count('', 'v'),
  wait: durationFlag('', '1m0s'),
};
const backend = { 'swift-chunk-size': textFlag('') };

function parse(line: string, environment: Record<string, string> = {}) {
  const argv = line.split(' ').filter((word) => word !== '');
  return parseCommandLine(argv, specs, backend, environment);
}

describe('a command line', () => {
  it('without flags has their defaults', () => {
    expect(parse('ls remote:').flags).toEqual({
      ...{ depth: -1, 'dir-slash': true, format: 'p', include: [], recursive: false },
      ...{ stamp: undefined, verbose: 0, wait: 60_000 },
    });
  });

  it.each([
    ['--depth 3 a b', { depth: 3 }, ['a', 'b']],
    ['a --depth=3 b', { depth: 3 }, ['a', 'b']],
    ['a b --depth -1', { depth: -1 }, ['a', 'b']],
    ['a -RF sp b', { recursive: true, format: 'sp' }, ['a', 'b']],
    ['a -RFsp', { recursive: true, format: 'sp' }, ['a']],
    ['-vvv a', { verbose: 3 }, ['a']],
    ['-v a -v', { verbose: 2 }, ['a']],
    ['--verbose=2 a', { verbose: 2 }, ['a']],
    ['-v=2 a', { verbose: 2 }, ['a']],
    ['-d=false -F=sp a', { 'dir-slash': false, format: 'sp' }, ['a']],
    ['-Rvd=false a', { recursive: true, verbose: 1, 'dir-slash': false }, ['a']],
    ['-RF=sp a', { recursive: true, format: 'sp' }, ['a']],
    ['-Fs=p a', { format: 's=p' }, ['a']],
    ['-F= a', { format: '=' }, ['a']],
    ['- -d=false', { 'dir-slash': false }, ['-']],
    ['-RF -d=false a', { recursive: true, format: '-d=false', 'dir-slash': true }, ['a']],
    ['--format -d=false a', { format: '-d=false', 'dir-slash': true }, ['a']],
    ['a -- -d=false', { 'dir-slash': true }, ['a', '-d=false']],
    ['--dir-slash=false a', { 'dir-slash': false }, ['a']],
    ['--recursive=0 a', { recursive: false }, ['a']],
    ['--include x --include y a', { include: ['x', 'y'] }, ['a']],
    ['--format= a', { format: '' }, ['a']],
    ['-t 2024 a', { stamp: '2024' }, ['a']],
    ['a -- --depth -R', {}, ['a', '--depth', '-R']],
    ['a - b', {}, ['a', '-', 'b']],
    ['--wait 2h a', { wait: 7_200_000 }, ['a']],
  ])('%s', (line, flags, args) => {
    const parsed = parse(line);
    expect(parsed.flags).toMatchObject(flags);
    expect(parsed.args).toEqual(args);
  });

  it.each([
    ['--nonsense', 'unknown flag: --nonsense'],
    ['-Z', 'unknown flag: -Z'],
    ['-Z=1', 'unknown flag: -Z'],
    ['--R', 'unknown flag: --R'],
    ['--constructor', 'unknown flag: --constructor'],
    ['--__proto__=x', 'unknown flag: --__proto__'],
    ['--rc', 'unknown flag: --rc: only rclone has it'],
    ['--rc-addr=localhost:5572', 'unknown flag: --rc-addr: only rclone has it'],
    ['--order-by size', 'unknown flag: --order-by: only commands that copy files have it'],
    ['--delete-during', 'unknown flag: --delete-during: only sync has it'],
    ['-depth 3', 'unknown flag'],
    ['a --depth', 'flag needs an argument: --depth'],
    ['--depth x', 'invalid argument for --depth'],
    ['--recursive=maybe', 'invalid argument for --recursive'],
    ['--wait soon', 'invalid argument for --wait'],
  ])('%s is refused: %s', (line, message) => {
    expect(() => parse(line)).toThrow(
      expect.objectContaining({ kind: 'usage', message: expect.stringContaining(message) }),
    );
  });

  it('keeps the flags of backends as text', () => {
    expect(parse('a --swift-chunk-size 5Mi').backendFlags).toEqual(new Map([['swift-chunk-size', '5Mi']]));
  });
});

describe('the environment', () => {
  it('sets defaults that the command line overrides', () => {
    const environment = { RCLONE_DEPTH: '2', RCLONE_DIR_SLASH: 'false', RCLONE_VERBOSE: '2', RCLONE_INCLUDE: 'x' };
    expect(parse('a', environment).flags).toMatchObject({ depth: 2, 'dir-slash': false, verbose: 2, include: ['x'] });
    expect(parse('a --depth 5 --dir-slash', environment).flags).toMatchObject({ depth: 5, 'dir-slash': true });
  });

  it('counts where it is empty too, as in rclone: an empty list of rules is not no list', () => {
    expect(parse('a', { RCLONE_INCLUDE: '' }).flags.include).toEqual(['']);
    expect(() => parse('a', { RCLONE_DEPTH: '' })).toThrow('RCLONE_DEPTH');
    expect(() => parse('a', { RCLONE_DIR_SLASH: '' })).toThrow('RCLONE_DIR_SLASH');
  });

  it('that makes no sense is named', () => {
    expect(() => parse('a', { RCLONE_DEPTH: 'x' })).toThrow('RCLONE_DEPTH');
  });
});

it('gives a letter to the last flag that asks for it: a command has its own before those that all commands take', () => {
  const flags = { filter: listFlag(''), force: toggle('', 'f') };
  const shared = { ...flags, filter: { ...flags.filter, short: 'f' } };
  expect(parseCommandLine(['key', '-f'], shared, {}, {}).flags).toEqual({ filter: [], force: true });
});
