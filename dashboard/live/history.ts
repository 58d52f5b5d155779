import type { EmotionFrame } from '../../src/types.ts';
import { serverUrl } from './server-url.ts';

/** The logged frames of `stream` since `fromMs` (Unix ms), oldest first. */
export async function fetchEmotions(
  stream: string,
  fromMs: number,
  signal: AbortSignal,
): Promise<readonly EmotionFrame[]> {
  const url = serverUrl(`v1/streams/${encodeURIComponent(stream)}/emotions`, 'http');
  url.searchParams.set('from', new Date(fromMs).toISOString());
  const response = await fetch(url, { signal, headers: { accept: 'application/json' } });
  if (!response.ok) throw new Error(`${url.pathname} answered ${response.status}`);
  const body = (await response.json()) as { readonly frames: readonly EmotionFrame[] };
  return body.frames;
}
