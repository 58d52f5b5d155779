/** Keeps this process from working, as a busy computer does. */
export function holdUp(ms: number): void {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs);
}
