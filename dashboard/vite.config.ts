import preact from '@preact/preset-vite';
import { defineConfig } from 'vite';

/**
 * `vite build dashboard` → dist/dashboard, served by the server at `/`. All paths are relative, nothing is
 * inlined as data: (a strict `script-src 'self'` would refuse an inlined worklet), nothing comes from a CDN.
 */
export default defineConfig({
  base: './',
  plugins: [preact()],
  build: {
    rollupOptions: { input: ['dashboard/index.html', 'dashboard/docs.html'] },
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
