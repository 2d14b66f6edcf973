/** Where layers tell what a user should know. `subject` is a path or a remote; empty for the program itself. */
export interface Report {
  error(subject: string, message: string): void;
  notice(subject: string, message: string): void;
  info(subject: string, message: string): void;
  debug(subject: string, message: string): void;
}

const nothing = (): void => {};
export const silentReport: Report = { error: nothing, notice: nothing, info: nothing, debug: nothing };
