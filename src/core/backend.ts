import type { OptionSpecs, Options } from './options.ts';
import type { Bandwidth, Turns } from './pace.ts';
import type { ListAhead, Location } from './remote.ts';
import type { Report } from './report.ts';

/** What a backend may use while it opens. */
export interface OpenEnvironment {
  /** The remote's name in the config, or how it was written on the fly, without the colon. */
  readonly name: string;
  /** Opens the remote that a layer stands on: `allas:bucket`, `/folder`. */
  location(spec: string): Promise<Location>;
  /** Present where the whole remote is about to be listed. */
  readonly ahead?: ListAhead | null;
  readonly report: Report;
  /** Asks the user for a secret, without echo; absent where nobody may be asked. */
  readonly prompt?: (question: string) => Promise<string>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Global settings that reach the remotes. */
  readonly settings: TransportSettings;
}

/** rclone's global flags that concern how a remote works. */
export interface TransportSettings {
  readonly lowLevelRetries: number;
  readonly checkers: number;
  readonly transfers: number;
  /** Milliseconds. */
  readonly connectTimeout: number;
  /** Milliseconds without a byte before a connection is given up. */
  readonly timeout: number;
  /** PEM file with certificate authorities (`--ca-cert`). */
  readonly caCert: string | undefined;
  /** PEM files that prove who we are (`--client-cert`, `--client-key`). */
  readonly clientCert: string | undefined;
  readonly clientKey: string | undefined;
  readonly insecureTls: boolean;
  readonly userAgent: string;
  readonly links: 'skip' | 'skip-silently' | 'follow' | 'translate';
  readonly oneFileSystem: boolean;
  /** Whether a file's time is the one at which the store got it, which its listings tell (`--use-server-modtime`). */
  readonly usesServerTimes: boolean;
  /** Null without a limit. */
  readonly bandwidth: Bandwidth | null;
  /** Of requests to servers; null without a limit. */
  readonly turns: Turns | null;
  /** What `--header` and the like add to requests. */
  readonly headers: AddedHeaders;
  /** The address of this machine that connections start from; empty for any. */
  readonly bindAddress: string;
  /** What stores are not to do on their own side. */
  readonly disabled: readonly OptionalFeature[];
  /** Null unless requests are to be shown (`--dump`). */
  readonly dump: HttpDump | null;
}

/** What of a store `--disable` can switch off. */
export type OptionalFeature = 'about' | 'cleanUp' | 'copy' | 'link' | 'move' | 'moveDir' | 'purge' | 'walk';

/** What of requests to servers and of their answers is told, beside their heads. */
export interface HttpDump {
  readonly requestBodies: boolean;
  readonly answerBodies: boolean;
  /** Whether passwords, tokens and signatures are told, too. */
  readonly showsSecrets: boolean;
  tell(text: string): void;
}

/** Headers by their names in lower case. */
export interface AddedHeaders {
  readonly every: Readonly<Record<string, string>>;
  /** Of requests that make an object, and of those that read one. */
  readonly upload: Readonly<Record<string, string>>;
  readonly download: Readonly<Record<string, string>>;
}

/** A type of remote, as `type =` names it. */
export interface Backend<S extends OptionSpecs = OptionSpecs> {
  readonly type: string;
  readonly description: string;
  readonly options: S;
  open(options: Options<S>, env: OpenEnvironment): Promise<Location>;
}
