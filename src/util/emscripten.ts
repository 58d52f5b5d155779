const EVENTS = ['uncaughtException', 'unhandledRejection'] as const;

/**
 * Loads an Emscripten module without its side effects. Modules built before Node had `fetch` take Node for a browser and
 * print a warning that a file path is not a URL. They also install handlers of uncaught errors that end the process,
 * or rethrow before the handlers of the program itself run.
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
