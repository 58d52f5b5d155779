import { homedir } from 'node:os';
import { join } from 'node:path';

/** The user's own data folder, as each system has it. */
export function defaultDataDir(env: NodeJS.ProcessEnv = process.env, platform = process.platform): string {
  if (platform === 'win32') return join(env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'undertone');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'undertone');
  return join(env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'undertone');
}
