// Runs a TypeScript bench on any supported Node: `node bench/run.mjs engine-musicnn [arguments]`.
// It is bundled first, as the program itself is compiled: a loader's wrappers would cost inner loops dearly.
import { rm } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';

const [name, ...args] = process.argv.slice(2);
const folder = fileURLToPath(new URL('./', import.meta.url));
const bundle = `.${name}-${process.pid}.mjs`; // beside the bench, so that import.meta.url means the same folder
await build({
  root: folder,
  configFile: false,
  logLevel: 'error',
  build: {
    ssr: `${folder}${name}.ts`,
    outDir: folder,
    emptyOutDir: false,
    minify: false,
    target: 'node20',
    rollupOptions: { output: { entryFileNames: bundle, codeSplitting: false } },
  },
});
process.argv = [process.argv[0], `bench/${name}.ts`, ...args];
try {
  await import(pathToFileURL(folder + bundle).href);
} finally {
  await rm(folder + bundle, { force: true });
}
