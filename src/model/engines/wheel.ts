import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../user-error.ts';
import type { NativeEngineName } from './engine-folder.ts';
import { findPython, runTool, type Tool, type ToolOptions } from './tools.ts';

/** The TensorFlow whose C library was tested with the binding of tfjs-node 4.22. */
const TENSORFLOW = '2.15.1';

/**
 * CUDA 12.2 and cuDNN 8.9, as `tensorflow[and-cuda]` of that version requires them, without the compiler and the
 * profiler, which only XLA and profiling need.
 */
const CUDA_WHEELS = [
  'nvidia-cublas-cu12==12.2.5.6',
  'nvidia-cuda-nvrtc-cu12==12.2.140',
  'nvidia-cuda-runtime-cu12==12.2.140',
  'nvidia-cudnn-cu12==8.9.4.25',
  'nvidia-cufft-cu12==11.0.8.103',
  'nvidia-curand-cu12==10.3.3.141',
  'nvidia-cusolver-cu12==11.5.2.141',
  'nvidia-cusparse-cu12==12.1.2.141',
  'nvidia-nccl-cu12==2.16.5',
  'nvidia-nvjitlink-cu12==12.2.140',
];

/** The wheels with the library that an engine is built against. @throws UserError `unsupported-platform` */
export function wheelsFor(
  name: NativeEngineName,
  platform: string = process.platform,
  arch: string = process.arch,
): readonly string[] {
  if (platform === 'linux' && arch === 'x64') {
    return name === 'node'
      ? [`tensorflow-cpu==${TENSORFLOW}`]
      : [`tensorflow==${TENSORFLOW}`, ...CUDA_WHEELS];
  }
  if (platform === 'linux' && arch === 'arm64' && name === 'node')
    return [`tensorflow-cpu-aws==${TENSORFLOW}`];
  throw new UserError(
    'unsupported-platform',
    `The engine "${name}" can be built only on Linux (${name === 'node' ? 'x64 or arm64' : 'x64'}), not on ${platform} ${arch}; use --engine wasm, which needs no installation.`,
  );
}

/**
 * Fetches the wheels with pip and extracts the libraries and the headers of the C API: `deps/lib`, `deps/include`.
 * CUDA goes beside TensorFlow, the only place where TensorFlow finds it without LD_LIBRARY_PATH. Each wheel is deleted
 * after it is extracted.
 *
 * @throws UserError `no-pip`, `unsupported-platform`, `download-failed`
 */
export async function fetchLibrary(
  name: NativeEngineName,
  deps: string,
  options: ToolOptions,
): Promise<void> {
  const wheels = wheelsFor(name);
  requireGlibc();
  const python = await findPython();
  for (const wheel of wheels) {
    const folder = join(deps, 'wheel');
    await mkdir(folder, { recursive: true });
    await download(python, wheel, folder, options);
    const [file] = await readdir(folder);
    await runTool(python.command, ['-c', UNPACK, join(folder, file ?? ''), deps], options);
    await rm(folder, { recursive: true, force: true });
  }
}

/** The Python version and the platform are options of pip, so that any Python 3 fetches the same file. */
async function download(python: Tool, wheel: string, folder: string, options: ToolOptions): Promise<void> {
  const arch = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
  const platforms = ['manylinux_2_17', 'manylinux2014', 'manylinux1'].flatMap((tag) => [
    '--platform',
    `${tag}_${arch}`,
  ]);
  const tags = ['--python-version', '3.11', '--implementation', 'cp', '--abi', 'cp311', '--abi', 'none'];
  const pip = ['-m', 'pip', 'download', '--disable-pip-version-check', '--no-deps', '--only-binary', ':all:'];
  try {
    await runTool(python.command, [...pip, ...tags, ...platforms, '--dest', folder, wheel], {
      ...options,
      visible: true,
    });
  } catch (cause) {
    throw new UserError(
      'download-failed',
      `pip could not fetch ${wheel} from the Python package index; check the network or pip's settings and run the command again.`,
      { cause },
    );
  }
}

/** The wheels are built for the GNU C library; musl (Alpine) cannot load them. */
function requireGlibc(): void {
  const report = process.report?.getReport() as { header?: { glibcVersionRuntime?: string } } | undefined;
  if (report?.header?.glibcVersionRuntime) return;
  throw new UserError(
    'unsupported-platform',
    'The TensorFlow library needs the GNU C library, which this system (Alpine?) does not use; use --engine wasm, which needs no installation.',
  );
}

/** argv: wheel, deps. Keeps the libraries, the C headers (of a tree of 155 MB) and the licenses. */
const UNPACK = `
import os, shutil, sys, zipfile
wheel, deps = sys.argv[1:]
headers = 'tensorflow/include/'
parts = tuple(headers + part for part in ('tensorflow/c/', 'tensorflow/core/platform/', 'tensorflow/tsl/', 'tsl/'))
with zipfile.ZipFile(wheel) as archive:
    for name in archive.namelist():
        if name.endswith('/'): continue
        if name.startswith(parts) and name.endswith('.h'):
            path = os.path.join(deps, 'include', name[len(headers):])
        elif name.startswith('tensorflow/libtensorflow'):
            path = os.path.join(deps, 'lib', os.path.basename(name))
        elif name.startswith('nvidia/') and '/lib/' in name and '.so' in name:
            path = os.path.join(deps, 'lib', os.path.basename(name))
        elif '.dist-info/' in name and 'LICENSE' in name.upper():
            path = os.path.join(deps, 'licenses', name.split('.dist-info')[0] + '.txt')
        else: continue
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with archive.open(name) as source, open(path, 'wb') as target:
            shutil.copyfileobj(source, target, 1 << 20)
`;
