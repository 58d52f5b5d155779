import { afterEach, describe, expect, it, vi } from 'vitest';
import { ENGINE_NAMES, isInstalled, loadEngine } from '../../src/model/engine.ts';

describe('loadEngine', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('leaves the error handlers of the process alone', async () => {
    const count = () =>
      ['uncaughtException', 'unhandledRejection'].map((event) => process.listenerCount(event));
    const before = count();
    await loadEngine('wasm');
    expect(count()).toEqual(before);
  });

  it.each(ENGINE_NAMES.filter(isInstalled))('multiplies matrices on %s', async (name) => {
    const { tf, ...engine } = await loadEngine(name);
    expect(engine.name).toBe(name);
    expect(engine.description).not.toBe('');
    const product = tf.matMul(tf.tensor2d([[1, 2]]), tf.tensor2d([[3], [4]]));
    expect([...(await product.data())]).toEqual([11]);
  });

  it('uses wasm for auto if no native engine is installed', async () => {
    vi.stubEnv('UNDERTONE_ENGINE_DIR', '/nonexistent');
    expect((await loadEngine('auto')).name).toBe('wasm');
  });

  it('names the command that installs a missing engine', async () => {
    vi.stubEnv('UNDERTONE_ENGINE_DIR', '/nonexistent');
    await expect(loadEngine('node')).rejects.toThrow('`undertone engine install node`');
  });

  it('lists the engines in the error for an unknown one', async () => {
    await expect(loadEngine('quantum' as 'cpu')).rejects.toThrow('auto, gpu, node, wasm, cpu');
  });
});
