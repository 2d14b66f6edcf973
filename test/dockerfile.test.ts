import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const lines = (name: string): readonly string[] =>
  readFileSync(join(import.meta.dirname, '..', name), 'utf8').split('\n');

test('what the image is built from is not ignored', () => {
  const [first, ...shown] = lines('.dockerignore').filter((line) => line !== '');
  expect(first).toBe('*');
  const sources = lines('Dockerfile')
    .filter((line) => /^COPY (?!--from)/.test(line))
    .flatMap((line) => line.split(' ').slice(1, -1));
  expect(sources).toContain('src');
  expect(shown.map((line) => line.slice(1)).sort()).toEqual([...sources].sort());
});
