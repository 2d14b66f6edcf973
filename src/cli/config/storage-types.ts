import { backendTypes, loadBackend } from '../../remotes/table.ts';
import type { Choice } from './ask.ts';

// The places that our types had in the menu of rclone 1.51 to 1.53: see docs/decisions/0045-storage-numbers.md. Our
// own type stands above all numbers of rclone's.
const numbers: Readonly<Record<string, number>> = {
  alias: 2,
  s3: 4,
  crypt: 10,
  memory: 16,
  local: 19,
  swift: 25,
  crypt4gh: 100,
};

/** What `Storage>` offers, by number. */
export async function storageTypes(): Promise<readonly Choice[]> {
  const choices = await Promise.all(
    backendTypes.map(async (value) => ({
      value,
      help: (await loadBackend(value)).description,
      number: numbers[value] ?? Number.NaN,
    })),
  );
  return choices.sort((a, b) => a.number - b.number);
}
