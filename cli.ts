#!/usr/bin/env node
// Built to dist/cli.js, which package.json names as the program.
import './src/cli.ts';
