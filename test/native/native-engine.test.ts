import { expect, test } from 'vitest';
import { loadEngine } from '../../src/model/engine.ts';
import { engineFolder } from '../../src/model/engines/engine-folder.ts';
import { installEngine } from '../../src/model/engines/install-engine.ts';
import { verifyEngine } from '../../src/model/engines/verify-engine.ts';

test('the installed engine runs in a separate process', async () => {
  expect(await verifyEngine('node', engineFolder('node'))).toEqual({ tensorflow: '2.15.1', gpu: false });
});

test('auto uses the native engine if it is installed', async () => {
  const { name, description } = await loadEngine('auto');
  expect([name, description]).toEqual(['node', 'TensorFlow 2.15.1 on the CPU']);
});

test('installing it again changes nothing', async () => {
  const lines: string[] = [];
  await installEngine('node', { onProgress: (line) => lines.push(line) });
  expect(lines).toEqual(['The engine "node" is already installed.']);
});
