import { answers, startDaemon, waitFor } from '../../servers/daemon.ts';
import { requirePeer } from '../../servers/peers.ts';
import { freePort } from '../../servers/ports.ts';

/** What rclone's filters take over its remote control, with its field names. */
export interface PeerFilter {
  readonly IncludeRule?: readonly string[];
  readonly IncludeFrom?: readonly string[];
  readonly ExcludeRule?: readonly string[];
  readonly ExcludeFrom?: readonly string[];
  readonly FilterRule?: readonly string[];
  readonly FilterFrom?: readonly string[];
  readonly FilesFrom?: readonly string[];
  readonly FilesFromRaw?: readonly string[];
  readonly ExcludeFile?: readonly string[];
  readonly MinSize?: string;
  readonly MaxSize?: string;
  readonly MinAge?: string;
  readonly MaxAge?: string;
  readonly IgnoreCase?: boolean;
}

/** A running rclone that lists a folder under any number of filters, a few milliseconds each. */
export interface RclonePeer extends AsyncDisposable {
  /** The files that pass, sorted; null when rclone refuses the filter. */
  list(folder: string, filter: PeerFilter): Promise<string[] | null>;
}

/** Starts `rclone rcd`; its log goes to `scratch`. */
export async function startRclone(scratch: string): Promise<RclonePeer> {
  requirePeer('rclone');
  const address = `127.0.0.1:${await freePort()}`;
  const command = ['rclone', 'rcd', '--config', '', '--rc-addr', address, '--rc-no-auth'];
  const daemon = startDaemon({ name: 'rclone', command, folder: scratch });
  await waitFor('rclone rcd', [daemon], () => answers(`http://${address}/rc/noop`, { method: 'POST' }));
  return {
    async list(folder, filter) {
      const response = await fetch(`http://${address}/operations/list`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          fs: folder,
          remote: '',
          opt: { recurse: true, filesOnly: true, noModTime: true, noMimeType: true },
          _filter: { MinSize: 'off', MaxSize: 'off', MinAge: 'off', MaxAge: 'off', ...filter },
        }),
      });
      const answer = (await response.json()) as { list?: { Path: string }[]; error?: string };
      return response.ok ? (answer.list ?? []).map((item) => item.Path).sort() : null;
    },
    [Symbol.asyncDispose]: () => daemon.stop(),
  };
}
