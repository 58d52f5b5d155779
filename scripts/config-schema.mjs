// Writes undertone.schema.json, for editors, from the Zod schema of the configuration. Run it with: npm run schema
import { writeFileSync } from 'node:fs';
import { configJsonSchema } from '../dist/src/server/config/schema.js';

const file = new URL('../undertone.schema.json', import.meta.url);
writeFileSync(file, `${JSON.stringify(configJsonSchema(), undefined, 2)}\n`);
