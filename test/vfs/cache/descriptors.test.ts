import { readdirSync, readlinkSync } from 'node:fs';
import { expect, test } from 'vitest';
import { all, closeContent, createContent, eachWithCache, filesIn, never, openStore } from './bench.ts';

const bench = eachWithCache();
const count = 150;
const textOf = (index: number): string => `${index} `.repeat(10_000);

/** Descriptors of this process that lead into the cache. */
function openInCache(): number {
  const targets = readdirSync('/proc/self/fd').map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return '';
    }
  });
  return targets.filter((path) => path.startsWith(bench.folder)).length;
}

test('any number of files can be open with few descriptors, and removed ones keep their bytes', async () => {
  // Nothing stays in memory.
  bench.store = await openStore(bench.remote, bench.folder, { writeBack: never, memory: 0 });
  const contents = Array.from({ length: count }, (_, i) => createContent(bench.store as never, `file ${i}`));
  for (const [i, content] of contents.entries()) {
    await content.write(0, Buffer.from(textOf(i)));
    await content.flush();
  }
  expect(openInCache()).toBeLessThan(100);
  for (const content of contents.slice(0, 10)) await (await content.hold()).removed();
  for (const [i, content] of contents.entries()) {
    await content.write(1, Buffer.from('x'));
    await content.sync();
    expect(Buffer.from(await all(content)).toString(), `file ${i}`).toBe(textOf(i).replace(/^(.)./, '$1x'));
  }
  expect(openInCache()).toBeLessThan(110);
  expect([...filesIn(bench.folder).keys()].filter((path) => path.endsWith('.blocks'))).toHaveLength(count - 10);
  for (const content of contents) await closeContent(content);
  expect(openInCache()).toBe(0);
});

test('what is written to a file only after it was removed is there while it is open', async () => {
  bench.store = await openStore(bench.remote, bench.folder, { writeBack: never, memory: 0 });
  const removed = createContent(bench.store, 'removed');
  await (await removed.hold()).removed();
  await removed.write(0, Buffer.from(textOf(7)));
  const others = Array.from({ length: count }, (_, i) => createContent(bench.store as never, `file ${i}`));
  for (const other of others) await other.write(0, Buffer.from(textOf(1)));
  for (const other of others) await other.flush();
  expect(Buffer.from(await all(removed)).toString()).toBe(textOf(7));
  for (const content of [removed, ...others]) await closeContent(content);
});
