import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { engineFolder, enginesFolder, packageFolder } from '../../../src/model/engines/engine-folder.ts';
import { installEngine } from '../../../src/model/engines/install-engine.ts';
import { findCompiler, findPython, runTool } from '../../../src/model/engines/tools.ts';
import { verifyEngine } from '../../../src/model/engines/verify-engine.ts';
import { wheelsFor } from '../../../src/model/engines/wheel.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'engines-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(root, { recursive: true, force: true });
});

describe('engineFolder', () => {
  it('is UNDERTONE_ENGINE_DIR, else the data folder of the user', () => {
    expect(enginesFolder({ UNDERTONE_ENGINE_DIR: '/opt/engines', XDG_DATA_HOME: '/data' })).toBe(
      '/opt/engines',
    );
    expect(enginesFolder({ XDG_DATA_HOME: '/data' })).toBe(join('/data', 'undertone', 'engines'));
  });

  it('does not depend on the version of Node, because the binding does not', () => {
    expect(engineFolder('node', '/e')).toBe(join('/e', `node-4.22.0-${process.platform}-${process.arch}`));
  });
});

describe('wheelsFor', () => {
  it('returns the wheel of each supported platform', () => {
    expect(wheelsFor('node', 'linux', 'x64')).toEqual(['tensorflow-cpu==2.15.1']);
    expect(wheelsFor('gpu', 'linux', 'x64')).toContain('nvidia-cudnn-cu12==8.9.4.25');
  });

  it('names the wasm engine as the alternative on other platforms', () => {
    expect(() => wheelsFor('gpu', 'darwin', 'arm64')).toThrow('use --engine wasm');
  });
});

describe('runTool', () => {
  it('returns the output of the tool', async () => {
    expect(await runTool(process.execPath, ['-e', 'console.log(6 * 7)'])).toBe('42\n');
  });

  it('names the error when the tool fails', async () => {
    const script = 'console.error("fatal error: no such header"); console.error("1 done"); process.exit(3)';
    await expect(runTool(process.execPath, ['-e', script])).rejects.toThrow(
      'status 3: fatal error: no such header',
    );
  });
});

describe('installEngine', () => {
  const lines: string[] = [];
  const onProgress = (line: string) => {
    lines.push(line);
  };

  it('does not install a working engine again', async () => {
    await fakeEngine('2.15.1');
    expect(await installEngine('node', { root, onProgress })).toEqual({
      folder: engineFolder('node', root),
      tensorflow: '2.15.1',
      gpu: false,
    });
    expect(lines.at(-1)).toBe('The engine "node" is already installed.');
  });

  it('leaves only its log when a tool is missing', async () => {
    vi.stubEnv('PATH', '/nonexistent');
    vi.stubEnv('npm_execpath', '');
    await expect(installEngine('node', { root, onProgress })).rejects.toMatchObject({ code: 'no-npm' });
    expect(await readdir(root)).toEqual(['install-node.log']);
  });

  it('removes the leftovers of a killed run but not the files of a running one', async () => {
    const [dead, alive] = [join(root, '.partial-999999999-node'), join(root, `.partial-${process.ppid}-gpu`)];
    await Promise.all([dead, alive].map((folder) => mkdir(folder)));
    const stop = AbortSignal.abort();
    await expect(installEngine('node', { root, onProgress, signal: stop })).rejects.toThrow(
      'installation was stopped',
    );
    expect([existsSync(dead), existsSync(alive)]).toEqual([false, true]);
  });

  /** A package that passes the check like a real engine. */
  async function fakeEngine(version: string): Promise<void> {
    const folder = packageFolder('node', engineFolder('node', root));
    await mkdir(folder, { recursive: true });
    await writeFile(
      join(folder, 'index.js'),
      `module.exports = { enableProdMode() {}, tensor2d: (rows) => rows,
        matMul: ([a], b) => ({ arraySync: () => [[a[0] * b[0][0] + a[1] * b[1][0]]] }),
        backend: () => ({ binding: { TF_Version: '${version}' }, isUsingGpuDevice: false }) };`,
    );
  }
});

describe('tools of a build', () => {
  it.each([
    ['a compiler', findCompiler, 'apt install g++'],
    ['pip', findPython, 'apt install python3-pip'],
  ])('a missing tool is an error with the command that installs %s', async (_, find, words) => {
    vi.stubEnv('PATH', '/nonexistent');
    await expect(find()).rejects.toThrow(words);
  });
});

describe('verifyEngine', () => {
  it('fails if the package does not load', async () => {
    await expect(verifyEngine('node', root)).rejects.toThrow('Cannot find module');
  });
});
