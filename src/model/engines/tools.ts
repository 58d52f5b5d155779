import { spawn } from 'node:child_process';
import { type WriteStream, writeSync } from 'node:fs';
import { UserError } from '../../user-error.ts';

/** The programs that installing a native engine needs: npm, Python with pip, a C++ compiler. */

export interface ToolOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Receives all output of the tool, for the user to read when something fails. */
  readonly log?: WriteStream;
  /** Lets the tool draw its progress bar on the terminal, if there is one. */
  readonly visible?: boolean;
}

/** Runs a program to its end and returns its standard output. Throws if it fails or does not exist. */
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
    let errors = '';
    child.stdout?.on('data', (bytes: Buffer) => {
      output += bytes.toString();
      log?.write(bytes);
    });
    child.stderr?.on('data', (bytes: Buffer) => {
      errors = (errors + bytes.toString()).slice(-4000);
      log?.write(bytes);
    });
    child.on('error', reject);
    child.on('close', (status, signal) => {
      if (status === 0) resolve(output);
      else
        reject(
          new Error(`${command} ended with ${signal ?? `status ${status}`}: ${errorLine(errors || output)}`),
        );
    });
  });
}

/** The line that names the error if there is one, else the last line. */
function errorLine(text: string): string {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return lines.findLast((line) => /error: |fatal/i.test(line)) ?? lines.at(-1) ?? 'no output';
}

/** Prints a line of progress on stderr; stdout is for results. */
export function printProgress(line: string): void {
  writeSync(2, `${line}\n`);
}

/** A program and the arguments that always come first, such as `python3 -m pip`. */
export interface Tool {
  readonly command: string;
  readonly args: readonly string[];
}

/** The npm that runs this program, else the one on the PATH. @throws UserError `no-npm` */
export async function findNpm(): Promise<Tool> {
  const running = process.env.npm_execpath;
  const candidates: Tool[] = [{ command: 'npm', args: [] }];
  if (running?.endsWith('.js')) candidates.unshift({ command: process.execPath, args: [running] });
  const npm = await firstThatRuns(candidates);
  if (npm) return npm;
  throw new UserError(
    'no-npm',
    'npm was not found on the PATH; it comes with Node, install it and try again.',
  );
}

/** Any Python 3 with pip: pip gets the wheel's tags as options, and Python only unpacks it. @throws UserError `no-pip` */
export async function findPython(): Promise<Tool> {
  const names = [process.env.PYTHON, 'python3', 'python'].filter((name) => name !== undefined);
  const python = await firstThatRuns(names.map((command) => ({ command, args: ['-m', 'pip'] })));
  if (python) return { command: python.command, args: [] };
  throw new UserError(
    'no-pip',
    'Python 3 with pip is needed to fetch the TensorFlow library and was not found; install it (Debian and Ubuntu: `apt install python3-pip`, Fedora: `dnf install python3-pip`) or set the variable PYTHON, and try again.',
  );
}

/** @throws UserError `no-compiler` */
export async function findCompiler(): Promise<Tool> {
  const names = [process.env.CXX, 'c++', 'g++', 'clang++'].filter((name) => name !== undefined);
  const compiler = await firstThatRuns(names.map((command) => ({ command, args: [] })));
  if (compiler) return compiler;
  throw new UserError(
    'no-compiler',
    'A C++17 compiler is needed to build the engine and was not found; install one (Debian and Ubuntu: `apt install g++`, Fedora: `dnf install gcc-c++`) or set the variable CXX, and try again.',
  );
}

async function firstThatRuns(candidates: readonly Tool[]): Promise<Tool | undefined> {
  for (const tool of candidates) {
    try {
      await runTool(tool.command, [...tool.args, '--version']);
      return tool;
    } catch {
      // Try the next one.
    }
  }
  return undefined;
}
