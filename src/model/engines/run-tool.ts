import { spawn } from 'node:child_process';
import { type WriteStream, writeSync } from 'node:fs';

export interface ToolOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Everything the tool says goes here; it is what a person reads when something fails. */
  readonly log?: WriteStream;
  /** Lets the tool draw its own progress bar on the terminal, where there is one. */
  readonly visible?: boolean;
}

/** Runs a program to its end and returns its standard output; throws when it fails or does not exist. */
export function runTool(
  command: string,
  args: readonly string[],
  options: ToolOptions = {},
): Promise<string> {
  const { log, visible = false, ...spawnOptions } = options;
  const show = visible && process.stderr.isTTY;
  log?.write(`\n$ ${command} ${args.join(' ')}\n`);
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      ...spawnOptions,
      ...(spawnOptions.timeoutMs === undefined ? {} : { timeout: spawnOptions.timeoutMs }),
      stdio: ['ignore', show ? 2 : 'pipe', show ? 2 : 'pipe'],
      windowsHide: true,
    });
    let output = '';
    let faults = '';
    child.stdout?.on('data', (bytes: Buffer) => {
      output += bytes.toString();
      log?.write(bytes);
    });
    child.stderr?.on('data', (bytes: Buffer) => {
      faults = (faults + bytes.toString()).slice(-4000);
      log?.write(bytes);
    });
    child.on('error', reject);
    child.on('close', (status, signal) => {
      if (status === 0) resolve(output);
      else
        reject(new Error(`${command} ended with ${signal ?? `status ${status}`}: ${gist(faults || output)}`));
    });
  });
}

/** The line that names the fault where there is one, else the last. */
function gist(text: string): string {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return lines.findLast((line) => /error: |fatal/i.test(line)) ?? lines.at(-1) ?? 'no output';
}

/** A line of progress: on stderr, as stdout belongs to results. */
export function sayProgress(line: string): void {
  writeSync(2, `${line}\n`);
}
