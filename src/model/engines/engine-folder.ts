import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The engines that are built for a machine instead of coming with `npm ci`. */
export const NATIVE_ENGINES = ['gpu', 'node'] as const;
export type NativeEngineName = (typeof NATIVE_ENGINES)[number];

/** The package behind each native engine, and the one version that is tried and tested here. */
export const TFJS_VERSION = '4.22.0';
export const NATIVE_PACKAGES: Readonly<Record<NativeEngineName, string>> = {
  gpu: '@tensorflow/tfjs-node-gpu',
  node: '@tensorflow/tfjs-node',
};

/** The folder of all native engines: `UNDERTONE_ENGINE_DIR`, else one per user that outlives any checkout. */
export function enginesFolder(env: NodeJS.ProcessEnv = process.env): string {
  const { UNDERTONE_ENGINE_DIR: chosen, XDG_DATA_HOME: xdg, LOCALAPPDATA: local } = env;
  if (chosen) return chosen;
  if (xdg) return join(xdg, 'undertone', 'engines');
  if (process.platform === 'darwin') {
    return join(homedir(), 'Library', 'Application Support', 'undertone', 'engines');
  }
  if (process.platform === 'win32' && local) return join(local, 'undertone', 'engines');
  return join(homedir(), '.local', 'share', 'undertone', 'engines');
}

/**
 * Where one engine lives. The binding speaks Node-API, which is stable from one Node to the next, so
 * the name holds the package's version and the platform but not the version of Node.
 */
export function engineFolder(name: NativeEngineName, root: string = enginesFolder()): string {
  return join(root, `${name}-${TFJS_VERSION}-${process.platform}-${process.arch}`);
}

/** The package's own folder inside an engine's folder. */
export function packageFolder(name: NativeEngineName, folder: string = engineFolder(name)): string {
  return join(folder, 'node_modules', ...NATIVE_PACKAGES[name].split('/'));
}

/** Whether an NVIDIA GPU can be reached from here. Without one the `gpu` engine runs, but on the CPU. */
export function hasNvidiaDriver(): boolean {
  return existsSync('/proc/driver/nvidia/version') || existsSync('/dev/nvidiactl');
}
