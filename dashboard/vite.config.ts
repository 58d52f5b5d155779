import { fileURLToPath } from 'node:url';
import preact from '@preact/preset-vite';
import { defineConfig, normalizePath, type Rolldown } from 'vite';

/** The scripts of index.html and docs.html. */
const APP = scriptOf('app.tsx');
const DOCS = scriptOf('api-docs.tsx');

/**
 * `vite build dashboard` → dist/dashboard, served by the server at `/`. All paths are relative, nothing is
 * inlined as data: (a strict `script-src 'self'` would refuse an inlined worklet), nothing comes from a CDN.
 */
export default defineConfig({
  base: './',
  plugins: [preact()],
  build: {
    rolldownOptions: {
      input: ['dashboard/index.html', 'dashboard/docs.html'],
      output: { codeSplitting: { groups: [fileOf('shared', [APP, DOCS], 2), fileOf('app', [APP], 1)] } },
    },
    outDir: '../dist/dashboard',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
    // Error reports from users should name the line.
    sourcemap: true,
  },
  server: {
    // `vite dashboard` beside a running `undertone serve`
    proxy: { '/v1': { target: 'http://127.0.0.1:8787', ws: true } },
  },
});

/**
 * What a page loads at once is in one file, and what both pages load in another, in place of forty small ones. What is
 * loaded later is split as usual.
 */
function fileOf(name: string, scripts: readonly string[], priority: number): Rolldown.CodeSplittingGroup {
  const isOf = (id: string, modules: Rolldown.ChunkingContext) =>
    scripts.every((script) => id !== script && importsOf(script, modules).has(id));
  return { name: (id, modules) => (isOf(id, modules) ? name : null), debugName: name, priority };
}

/** The modules that a script imports statically, directly or not, and itself. */
function importsOf(script: string, modules: Rolldown.ChunkingContext): ReadonlySet<string> {
  const found = new Set([script]);
  for (const id of found)
    for (const imported of modules.getModuleInfo(id)?.importedIds ?? []) found.add(imported);
  return found;
}

function scriptOf(name: string): string {
  return normalizePath(fileURLToPath(new URL(`pages/${name}`, import.meta.url)));
}
