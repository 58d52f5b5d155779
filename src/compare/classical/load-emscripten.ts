const EVENTS = ['uncaughtException', 'unhandledRejection'] as const;

/**
 * Loads a module that Emscripten made. Those of before Node had a `fetch` take it for a browser's, and complain of a
 * file's path that is no address before they read the file; and they leave handlers behind that would end the whole
 * process without a word at a fault of ours. Both are undone.
 */
export async function loadEmscripten<T>(load: () => Promise<T>): Promise<T> {
  const assembly = (globalThis as unknown as { WebAssembly: { instantiateStreaming?: unknown } }).WebAssembly;
  const { instantiateStreaming } = assembly;
  const before = EVENTS.map((event) => new Set<unknown>(process.listeners(event as 'uncaughtException')));
  assembly.instantiateStreaming = undefined;
  try {
    return await load();
  } finally {
    assembly.instantiateStreaming = instantiateStreaming;
    for (const [i, event] of EVENTS.entries()) {
      for (const listener of process.listeners(event as 'uncaughtException')) {
        if (!before[i]!.has(listener)) process.removeListener(event, listener);
      }
    }
  }
}
