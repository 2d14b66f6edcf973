import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes a file of this folder to `to` with every `@NAME@` replaced. */
export function render(template: string, to: string, values: Readonly<Record<string, string | number>>): void {
  const text = readFileSync(join(import.meta.dirname, template), 'utf8');
  const filled = text.replaceAll(/@([A-Z][A-Z0-9_]*)@/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`${template} needs @${name}@`);
    return String(value);
  });
  writeFileSync(to, filled);
}
