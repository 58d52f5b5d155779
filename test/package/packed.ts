import { type ExecFileException, execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** What a clone lacks or creates itself. */
const NOT_CLONED = new Set(['.git', 'node_modules', 'dist', 'coverage', 'data', 'runs', '.cache']);

export interface PackedFile {
  readonly path: string;
  readonly size: number;
}

export interface Packed {
  readonly tarball: string;
  readonly files: readonly PackedFile[];
  /** Bytes of the tarball. */
  readonly size: number;
  /** A folder with the package installed and nothing else. */
  readonly consumer: string;
  /** Environment for programs started there: an empty home, no network, no settings of the npm that runs the tests. */
  readonly env: NodeJS.ProcessEnv;
  dispose(): void;
}

/**
 * Packs a clean copy of the working tree, which builds it, and installs the tarball elsewhere. The packages that it
 * depends on are copied from the repository's `node_modules` first, so that npm needs neither network nor cache.
 * Development packages are not copied, so a package that is missing from `dependencies` fails here.
 */
export async function packAndInstall(): Promise<Packed> {
  const folder = mkdtempSync(join(tmpdir(), 'undertone-package-'));
  const [clone, consumer, home] = ['clone', 'consumer', 'home'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const made of [consumer, home]) mkdirSync(made);
  const inherited = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name));
  const env = {
    ...Object.fromEntries(inherited),
    HOME: home,
    npm_config_cache: join(home, 'cache'),
    npm_config_offline: 'true',
    npm_config_update_notifier: 'false',
  };

  cpSync(ROOT, clone, {
    recursive: true,
    filter: (path) => !NOT_CLONED.has(relative(ROOT, path).split(sep)[0]!),
  });
  symlinkSync(join(ROOT, 'node_modules'), join(clone, 'node_modules'));
  const report = await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: clone, env });
  const [{ filename, files, size }] = JSON.parse(report.slice(report.indexOf('[\n')));
  const tarball = join(folder, filename);

  copyDependencies(join(consumer, 'node_modules'));
  const quiet = ['--no-audit', '--no-fund', '--ignore-scripts'];
  await run('npm', ['install', ...quiet, tarball], { cwd: consumer, env });
  const dispose = () => rmSync(folder, { recursive: true, force: true });
  return { tarball, files, size, consumer, env, dispose };
}

/** Copies the dependencies that the lock file lists. @param to a `node_modules` folder */
function copyDependencies(to: string): void {
  const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
  for (const [path, { dev, bin = {} }] of Object.entries<Locked>(lock.packages)) {
    const from = join(ROOT, path);
    if (path === '' || dev || !existsSync(from)) continue;
    cpSync(from, join(to, relative('node_modules', path)), {
      recursive: true,
      filter: (inside) => !relative(from, inside).split(sep).includes('node_modules'),
    });
    // npm installs a package again if the links to its programs are missing.
    const links = join(path.slice(0, path.lastIndexOf('node_modules')), 'node_modules/.bin');
    for (const link of Object.keys(bin).map((name) => join(links, name))) {
      cpSync(join(ROOT, link), join(to, relative('node_modules', link)), { verbatimSymlinks: true });
    }
  }
}

/** A package in the lock file. */
interface Locked {
  readonly dev?: boolean;
  readonly bin?: Readonly<Record<string, string>>;
}

/**
 * @returns standard output
 * @throws Error with the program's output if it fails
 */
export function run(
  program: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<string> {
  const settings = { ...options, maxBuffer: 64 * 2 ** 20, shell: process.platform === 'win32' };
  return new Promise((resolve, reject) => {
    execFile(program, args, settings, (fault: ExecFileException | null, out, err) => {
      if (fault) reject(new Error(`${program} ${args.join(' ')} failed:\n${err}\n${out}`, { cause: fault }));
      else resolve(out);
    });
  });
}
