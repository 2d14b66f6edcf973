import { spawn } from 'node:child_process';
import { peerEnvironment } from '../servers/run.ts';

/** Encrypts a config file as a user of rclone 1.60 does, by the menu of `rclone config`. */
export function encryptByMenu(path: string, password: string): Promise<void> {
  // It reads each answer from a new buffer: what is sent ahead of a question is lost.
  const answers = ['s', 'a', password, password, 'q', 'q'];
  const child = spawn('rclone', ['config', '--config', path], { env: peerEnvironment() });
  let said = '';
  const listen = (piece: Buffer): void => {
    said += piece.toString();
    if (!/(?:> |password:)$/.test(said)) return;
    said = '';
    child.stdin.write(`${answers.shift() ?? 'q'}\n`);
  };
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0 && answers.length === 0) resolve();
      else reject(new Error(`rclone config ended with ${code}: ${said}`));
    });
  });
}
