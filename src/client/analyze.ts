import type { EmotionFrame } from '../types.ts';
import { type Address, request, type Upload } from './request.ts';

/** The end of an analysis that is not complete: the file is damaged. */
export interface AnalysisError {
  readonly type: 'error';
  readonly code: string;
  readonly message: string;
}

/** Analyzes an audio file; yields its frames as the server analyzes it. Throws an ApiError for a file that is no audio. */
export async function* analyzeFrames(
  address: Address,
  file: Upload,
  signal?: AbortSignal,
): AsyncGenerator<EmotionFrame | AnalysisError, void, undefined> {
  const response = await request(address, 'POST', 'v1/analyze', {
    file,
    signal,
    query: { format: 'ndjson' },
  });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  try {
    for (;;) {
      const { value = '', done } = await reader.read();
      const lines = (rest + value).split('\n');
      rest = done ? '' : lines.pop()!;
      for (const line of lines) if (line !== '') yield JSON.parse(line) as EmotionFrame | AnalysisError;
      if (done) return;
    }
  } finally {
    await reader.cancel().catch(() => {}); // The server would wait for a caller that has left.
  }
}
