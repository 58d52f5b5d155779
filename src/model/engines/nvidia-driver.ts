import { existsSync } from 'node:fs';

/** Whether an NVIDIA GPU can be reached from here. Without one the `gpu` engine runs, but on the CPU. */
export function hasNvidiaDriver(): boolean {
  return existsSync('/proc/driver/nvidia/version') || existsSync('/dev/nvidiactl');
}
