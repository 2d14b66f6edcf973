import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { isRunning, processStart } from '../../src/core/machine.ts';

test('a process that has ended does not run, though its parent never asks about it', async () => {
  // The shell would ask; what takes its place does not.
  const parent = spawn('sh', ['-c', 'sleep 0.5 & echo $!; exec sleep 60']);
  try {
    const [line] = await once(parent.stdout, 'data');
    const child = Number(line);
    await expect.poll(() => readFileSync(`/proc/${child}/stat`, 'utf8'), { timeout: 20_000 }).toContain(') Z ');
    expect([isRunning(child), processStart(child)]).toEqual([false, 'gone']);
    const { pid = 0 } = parent;
    expect([isRunning(pid), processStart(pid)]).toEqual([true, expect.stringMatching(/^\d+$/)]);
  } finally {
    parent.kill();
  }
  await once(parent, 'close');
  expect([isRunning(parent.pid ?? 0), processStart(parent.pid ?? 0)]).toEqual([false, 'gone']);
});
