import { type ConfigFile, type ConfigRequest, openConfigFile } from '../../src/config/config-file.ts';
import { recordingReport } from './rclone.ts';

/** A config file with nobody to ask, unless `request` says otherwise. */
export function openFile(path: string, request: Partial<ConfigRequest> = {}): ConfigFile {
  const nobody = { passwordCommand: undefined, prompt: null, environment: {}, report: recordingReport() };
  return openConfigFile({ ...nobody, path, ...request });
}

/** As `openFile`, with the password of the file in RCLONE_CONFIG_PASS. */
export function openWith(path: string, password: string, request: Partial<ConfigRequest> = {}): ConfigFile {
  return openFile(path, { environment: { RCLONE_CONFIG_PASS: password }, ...request });
}
