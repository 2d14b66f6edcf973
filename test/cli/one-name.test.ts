import { describe, expect, it } from 'vitest';
import { createBench } from './run.ts';
import { type Places, sideBySide } from './side-by-side.ts';

const bench = createBench('one-name');

const folderForFile: Places = { src: [{ 'one/inner': 'i', other: 'o' }], dst: [{ one: 'file', gone: 'g' }] };
const fileForFolder: Places = { src: [{ one: 'file', other: 'o' }], dst: [{ 'one/inner': 'i', gone: 'g' }] };
const emptyForFile: Places = { src: [{ 'one/': '', other: 'o' }], dst: [{ one: 'file' }] };
const deep: Places = {
  src: [{ a: 'a', 'd/b': 'b' }],
  dst: [{ a: 'a', 'd/c': 'c', 'd/e/f': 'f', 'x/y/z': 'z' }],
};

describe.each(['dst', 'secret:dst'])('where a file and a folder have one name, to %s', (to) => {
  it.each([
    ['copy', folderForFile, 1],
    ['copy', fileForFolder, 1],
    ['copy --create-empty-src-dirs', emptyForFile, 1],
    ['sync', folderForFile, 1],
    ['sync', fileForFolder, 1],
    ['sync', emptyForFile, 0],
    ['sync --delete-before', folderForFile, 0],
    ['sync --delete-before', fileForFolder, 0],
    ['move', folderForFile, 1],
    ['check', folderForFile, 1],
    ['check --one-way', emptyForFile, 1],
  ])('%s leaves what rclone leaves (%#)', async (command, places, code) => {
    const result = await sideBySide(bench, `${command} src ${to} --retries 1 --transfers 1`, places);
    expect(result.code, result.stderr).toBe(code);
  });

  it('a copy says which file is in the way', async () => {
    const { stderr } = await sideBySide(bench, `copy src ${to} --retries 1`, folderForFile);
    expect(stderr).toContain('one/inner: a part of its path is a file');
  });
});

it.each(['', '--delete-excluded', '--delete-excluded --fast-list'])(
  'sync --max-depth 1 %s deletes as deep as rclone does',
  async (flags) => {
    await sideBySide(bench, `sync --max-depth 1 ${flags} src dst`.replace('  ', ' '), deep);
  },
);
