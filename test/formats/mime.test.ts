import { expect, it } from 'vitest';
import { buildMimeTypes, mimeTypeOf } from '../../src/formats/mime.ts';

it('knows common types without a database', () => {
  const types = buildMimeTypes(null, null);
  const names = ['a.JSON', 'a/b.tar.mkv', '.png', 'x', 'a.b/c', 'a.'];
  expect(names.map((name) => mimeTypeOf(name, types))).toEqual([
    'application/json',
    'video/x-matroska',
    'image/png',
    'application/octet-stream',
    'application/octet-stream',
    'application/octet-stream',
  ]);
});

it("reads freedesktop's database: the first entry counts, Go's own types before it, rclone's behind it", () => {
  const types = buildMimeTypes(
    '# x\n80:text/x-a:*.a\n50:text/x-b:*.a\n50:text/x-js:*.js\n50:x/ts:*.ts\n50:a/m:makefile\n',
    'x/y a',
  );
  expect(mimeTypeOf('f.a', types)).toBe('text/x-a; charset=utf-8');
  expect(mimeTypeOf('f.js', types)).toBe('text/javascript; charset=utf-8');
  expect(mimeTypeOf('f.ts', types)).toBe('x/ts');
});

it('reads mime.types where there is no other, which overrules', () => {
  const types = buildMimeTypes(null, '# comment\ntext/x-js js  jsx # more\nx/none\n');
  expect(mimeTypeOf('f.js', types)).toBe('text/x-js; charset=utf-8');
  expect(mimeTypeOf('f.jsx', types)).toBe('text/x-js; charset=utf-8');
  expect(types.has('.more')).toBe(false);
});
