// Writes undertone.schema.json from the one source of the configuration's rules. With --check: fails where the
// file is not what would be written.
import { readFileSync, writeFileSync } from 'node:fs';
import { configJsonSchema } from '../src/server/config/schema.ts';

const file = new URL('../undertone.schema.json', import.meta.url);
const text = `${JSON.stringify(configJsonSchema(), undefined, 2)}\n`;
if (!process.argv.includes('--check')) writeFileSync(file, text);
else if (readFileSync(file, 'utf8') !== text) {
  console.error('undertone.schema.json is not up to date: npm run schema');
  process.exit(1);
}
