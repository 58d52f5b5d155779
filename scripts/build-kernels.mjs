// Assembles src/stream/kernels/kernels.wat and writes it to kernels-wasm.ts. Run it with: npm run kernels
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import loadWabt from 'wabt';

const folder = new URL('../src/stream/kernels/', import.meta.url);

/** The module's bytes in Base64. */
export async function assembleKernels() {
  const wabt = await loadWabt();
  const module = wabt.parseWat('kernels.wat', readFileSync(new URL('kernels.wat', folder), 'utf8'), {
    simd: true,
  });
  module.resolveNames();
  module.validate();
  const { buffer } = module.toBinary({});
  module.destroy();
  return Buffer.from(buffer).toString('base64');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const base64 = await assembleKernels();
  const text = `/** kernels.wat, assembled by \`npm run kernels\`. */
export const KERNELS_WASM =
  '${base64}';
`;
  writeFileSync(new URL('kernels-wasm.ts', folder), text);
}
