import type { Usage } from '../../core/remote.ts';
import { formatByteUnit } from '../../core/size.ts';
import { formatCount } from './count.ts';
import { toGoJson } from './lsjson.ts';

/** What `about` prints: sizes with units or, with `--full`, plain numbers. What the store does not say is left out. */
export function aboutText(usage: Usage, isFull: boolean): string {
  const line = (what: string, value: number | undefined, format: (value: number) => string) =>
    value === undefined ? '' : `${`${what}:`.padEnd(9)}${isFull ? value : format(value)}\n`;
  return [
    line('Total', usage.total, formatByteUnit),
    line('Used', usage.used, formatByteUnit),
    line('Free', usage.free, formatByteUnit),
    line('Objects', usage.objects, formatCount),
  ].join('');
}

export function aboutJson({ total, used, free, objects }: Usage): string {
  return `${toGoJson({ total, used, free, objects }, '\t')}\n`;
}
