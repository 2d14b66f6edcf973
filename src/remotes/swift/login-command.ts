/** What renews the login of a remote. */
export function renewCommand(label: string): string {
  return loginCommand(label, ' --renew');
}

/** What logs in to a remote: `coffer login` needs no name for `allas`, and takes that of another in the config. */
export function loginCommand(label: string, flags = ''): string {
  const name = /^[^:,{]+(?=:?$)/.exec(label)?.[0] ?? 'allas';
  return `coffer login${flags}${name === 'allas' ? '' : ` ${name}`}`;
}
