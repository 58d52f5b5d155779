// Runs a benchmark: `npm run bench NAME -- [arguments]`, where NAME is a TypeScript file in this folder.
// It is bundled first, as the program itself is: a TypeScript loader would slow down inner loops.
import { readFileSync, rmSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';

let [name, ...args] = process.argv.slice(2);
if (name === 'streams' && args.includes('--ws')) {
  name = 'streams-ws';
  args = args.filter((arg) => arg !== '--ws');
}
const folder = fileURLToPath(new URL('./', import.meta.url));
if (args.includes('--help') || args.includes('-h')) {
  // The comment at the head of each says what it measures, and its options.
  const [, head] = /^\/\*\n([\s\S]*?)\n \*\//.exec(readFileSync(`${folder}${name}.ts`, 'utf8')) ?? [];
  if (head !== undefined) {
    console.log(head.replace(/^ \* ?/gm, ''));
    process.exit();
  }
}
const bundle = `.${name}-${process.pid}.mjs`; // In this folder, so that import.meta.url keeps its meaning.
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
process.on('exit', () => rmSync(folder + bundle, { force: true })); // A bench may end the process itself.
await import(pathToFileURL(folder + bundle).href);
