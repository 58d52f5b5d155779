import { UserError } from '../../user-error.ts';
import { runTool } from './run-tool.ts';

/** A program and the arguments that always come first, such as `python3 -m pip`. */
export interface Tool {
  readonly command: string;
  readonly args: readonly string[];
}

/** The npm that runs this program where there is one, else the one on the PATH. */
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

/** Python with pip. Any Python 3 will do: pip is told which wheel to fetch, Python only unpacks it. */
export async function findPython(): Promise<Tool> {
  const names = [process.env.PYTHON, 'python3', 'python'].filter((name) => name !== undefined);
  const python = await firstThatRuns(names.map((command) => ({ command, args: ['-m', 'pip'] })));
  if (python) return { command: python.command, args: [] };
  throw new UserError(
    'no-pip',
    'Python 3 with pip is needed to fetch the TensorFlow library and was not found; install it (Debian and Ubuntu: `apt install python3-pip`, Fedora: `dnf install python3-pip`) or name it in the variable PYTHON, and try again.',
  );
}

export async function findCompiler(): Promise<Tool> {
  const names = [process.env.CXX, 'c++', 'g++', 'clang++'].filter((name) => name !== undefined);
  const compiler = await firstThatRuns(names.map((command) => ({ command, args: [] })));
  if (compiler) return compiler;
  throw new UserError(
    'no-compiler',
    'A C++17 compiler is needed to build the engine and none was found; install one (Debian and Ubuntu: `apt install g++`, Fedora: `dnf install gcc-c++`) or name it in the variable CXX, and try again.',
  );
}

async function firstThatRuns(candidates: readonly Tool[]): Promise<Tool | undefined> {
  for (const tool of candidates) {
    try {
      await runTool(tool.command, [...tool.args, '--version']);
      return tool;
    } catch {
      // not this one
    }
  }
  return undefined;
}
