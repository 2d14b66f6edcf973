import { Failure } from '../../core/failure.ts';

/** One record of CSV, quoted as Go's encoding/csv does, which rclone uses. Of `separator` the first character counts.
 *  Throws Failure('usage') for one that cannot separate. */
export function csvRecord(fields: readonly string[], separator: string): string {
  const comma = [...separator][0] ?? ',';
  if (comma === '\0' || '"\r\n\ufffd'.includes(comma)) {
    throw new Failure(
      'usage',
      `${JSON.stringify(separator)} cannot separate the fields of CSV: choose another --separator`,
    );
  }
  return fields.map((field) => (needsQuotes(field, comma) ? `"${field.replaceAll('"', '""')}"` : field)).join(comma);
}

// `\.` alone ends the data for PostgreSQL's COPY.
function needsQuotes(field: string, comma: string): boolean {
  return field === '\\.' || field.includes(comma) || /["\r\n]|^\p{White_Space}/u.test(field);
}
