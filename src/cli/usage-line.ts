import type { Command } from './command.ts';

/** `coffer copy source:path dest:path [flags]`. */
export function usageLine(name: string, { usage }: Pick<Command, 'usage'>): string {
  return ['coffer', name, usage, '[flags]'].filter((word) => word !== '').join(' ');
}
