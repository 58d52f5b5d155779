import { mkdir, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { findCompiler, runTool, type ToolOptions } from './tools.ts';

/** The Node-API version that the binding is written for; Node 12.19 and later have it. */
const NODE_API = 8;

/**
 * Compiles the package's binding (two C++ files) against the library in `deps/`. It calls the compiler directly: the
 * Node-API headers come from a small npm package, so it needs no node-gyp, no make and no download of Node's headers,
 * and one binding works with all versions of Node.
 */
export async function compileBinding(
  packageFolder: string,
  apiHeaders: string,
  options: ToolOptions,
): Promise<void> {
  const compiler = await findCompiler();
  const lib = join(packageFolder, 'deps', 'lib');
  await linkPlainNames(lib);
  const out = join(packageFolder, 'lib', `napi-v${NODE_API}`);
  await mkdir(out, { recursive: true });
  const binding = join(packageFolder, 'binding');
  const sources = (await readdir(binding)).filter((file) => file.endsWith('.cc'));
  await runTool(
    compiler.command,
    [
      ...['-shared', '-fPIC', '-O2', '-std=c++17', `-DNAPI_VERSION=${NODE_API}`],
      ...[`-I${apiHeaders}`, `-I${join(packageFolder, 'deps', 'include')}`],
      ...sources.map((file) => join(binding, file)),
      ...['-o', join(out, 'tfjs_binding.node')],
      ...[`-L${lib}`, '-ltensorflow', '-ltensorflow_framework'],
      '-Wl,-rpath,$ORIGIN/../../deps/lib', // relative, so that the folder can be moved
    ],
    options,
  );
}

/** `-ltensorflow` looks for libtensorflow.so; in the wheel it is libtensorflow_cc.so.2. */
async function linkPlainNames(lib: string): Promise<void> {
  await symlink('libtensorflow_cc.so.2', join(lib, 'libtensorflow.so'));
  await symlink('libtensorflow_framework.so.2', join(lib, 'libtensorflow_framework.so'));
}
