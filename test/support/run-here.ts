import { format } from 'node:util';
import { vi } from 'vitest';
import { run } from '../../src/cli.ts';

/**
 * Runs a command of the program in this process: starting another takes ten times as long. Files that the test itself
 * has locked, and signals, need a process of their own.
 */
export async function runHere(args: readonly string[], env: Record<string, string> = {}) {
  const written = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).flatMap((name) => {
    const add = (text: string) => {
      written[name] += text;
      return true;
    };
    // Vitest has put a console of its own in the place of the one that writes to them.
    const print = name === 'stdout' ? 'log' : 'error';
    return [
      vi
        .spyOn(process[name], 'write')
        .mockImplementation((part) => add(Buffer.from(part as string).toString())),
      vi.spyOn(console, print).mockImplementation((...parts) => void add(`${format(...parts)}\n`)),
    ];
  });
  for (const [name, value] of Object.entries({ UNDERTONE_PASSPHRASE: undefined, ...env }))
    vi.stubEnv(name, value);
  const { exitCode } = process;
  process.exitCode = 0;
  try {
    await run(args);
    return { code: process.exitCode, ...written };
  } finally {
    process.exitCode = exitCode;
    vi.unstubAllEnvs();
    for (const spy of spies) spy.mockRestore();
  }
}
