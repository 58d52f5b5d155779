#!/usr/bin/env node
// Built to dist/cli.js, which package.json names as the program.
import { keepYoungGenerationSmall } from './src/util/young-generation.ts';

// The server runs for months: its memory counts more. It must be set before the program's modules are loaded.
if (process.argv[2] === 'serve') keepYoungGenerationSmall();
await (await import('./src/cli.ts')).main();
