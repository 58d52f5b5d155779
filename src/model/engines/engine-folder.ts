import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { homeFolder } from '../../util/user.ts';

/** The engines that `undertone engine install` installs; the others come with the package. */
export const NATIVE_ENGINES = ['gpu', 'node'] as const;
export type NativeEngineName = (typeof NATIVE_ENGINES)[number];

/** The npm package of each native engine, and the version that is tested with undertone. */
export const TFJS_VERSION = '4.22.0';
export const NATIVE_PACKAGES: Readonly<Record<NativeEngineName, string>> = {
  gpu: '@tensorflow/tfjs-node-gpu',
  node: '@tensorflow/tfjs-node',
};

/** The folder of all native engines: `UNDERTONE_ENGINE_DIR`, else a folder in the user's data directory. */
export function enginesFolder(env: NodeJS.ProcessEnv = process.env): string {
  const { UNDERTONE_ENGINE_DIR: chosen, XDG_DATA_HOME: xdg, LOCALAPPDATA: local } = env;
  if (chosen) return chosen;
  if (xdg) return join(xdg, 'undertone', 'engines');
  if (process.platform === 'darwin') {
    return join(homeFolder(), 'Library', 'Application Support', 'undertone', 'engines');
  }
  if (process.platform === 'win32' && local) return join(local, 'undertone', 'engines');
  return join(homeFolder(), '.local', 'share', 'undertone', 'engines');
}

/**
 * The folder of one engine. Its name has the package's version and the platform, but not the version of Node, because
 * the binding uses Node-API, which is stable across versions.
 */
export function engineFolder(name: NativeEngineName, root: string = enginesFolder()): string {
  return join(root, `${name}-${TFJS_VERSION}-${process.platform}-${process.arch}`);
}

/** The folder of the npm package inside an engine's folder. */
export function packageFolder(name: NativeEngineName, folder: string = engineFolder(name)): string {
  return join(folder, 'node_modules', ...NATIVE_PACKAGES[name].split('/'));
}

/** Whether an NVIDIA driver is present. Without one the `gpu` engine runs on the CPU. */
export function hasNvidiaDriver(): boolean {
  return existsSync('/proc/driver/nvidia/version') || existsSync('/dev/nvidiactl');
}
