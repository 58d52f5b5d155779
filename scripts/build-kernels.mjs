// Assembles the kernels' sources (.wat) and writes each module beside its source. Run it with: npm run kernels
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import loadWabt from 'wabt';

/** Each source, the file of its module, and the name of the constant in it. */
export const KERNEL_MODULES = [
  { source: 'src/stream/kernels/kernels.wat', target: 'kernels-wasm.ts', constant: 'KERNELS_WASM' },
  { source: 'src/model/kernels/layers.wat', target: 'layers-wasm.ts', constant: 'LAYERS_WASM' },
];

const root = new URL('../', import.meta.url);

/** The module of a source in Base64. */
export async function assembleKernels(source) {
  const wabt = await loadWabt();
  const module = wabt.parseWat(source, readFileSync(new URL(source, root), 'utf8'), { simd: true });
  module.resolveNames();
  module.validate();
  const { buffer } = module.toBinary({});
  module.destroy();
  return Buffer.from(buffer).toString('base64');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const { source, target, constant } of KERNEL_MODULES) {
    const text = `/** ${source.split('/').at(-1)}, assembled by \`npm run kernels\`. */
export const ${constant} =
  '${await assembleKernels(source)}';
`;
    writeFileSync(new URL(target, new URL(source, root)), text);
  }
}
