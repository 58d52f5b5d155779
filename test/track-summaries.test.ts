import { from, lastValueFrom, toArray } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { TrackSummaries } from '../src/track-summaries.ts';
import { EMPTY_FRAME, type EmotionFrame, type StreamMessage } from '../src/types.ts';

const at = (t: number) => ({ stream: 'radio', t, time: new Date(1000 * t).toISOString() });
const title = (t: number, name: string, artist: string | null = null): StreamMessage => ({
  type: 'track',
  ...at(t),
  message: '',
  title: name,
  artist,
});
const music = (seq: number, valence: number, arousal: number): EmotionFrame => ({
  ...EMPTY_FRAME,
  ...at(0.5 * (seq + 1)),
  seq,
  valence,
  arousal,
  mood: valence > 0 ? 'happy' : 'sad',
  loudness: -20,
  activity: 'music',
});
const speech = (seq: number): EmotionFrame => ({
  ...EMPTY_FRAME,
  ...at(0.5 * (seq + 1)),
  seq,
  loudness: -10,
  activity: 'speech',
});
const stop: StreamMessage = { type: 'stream-stopped', ...at(100), message: 'The end.' };

const run = (messages: readonly StreamMessage[], tracks = new TrackSummaries()): Promise<StreamMessage[]> =>
  lastValueFrom(from(messages).pipe(tracks.operator, toArray()));

describe('a track', () => {
  test('ends before the next one, with a summary of its frames', async () => {
    const frames = [
      ...Array.from({ length: 30 }, (_, i) => music(i, 0.5, 0.1)),
      ...Array.from({ length: 30 }, (_, i) => music(30 + i, -0.5, 0.7)),
      ...Array.from({ length: 20 }, (_, i) => speech(60 + i)),
    ];
    const messages = await run([title(0, 'One', 'A'), ...frames, title(40, 'Two', 'B')]);
    expect(messages.map(({ type }) => type).filter((type) => type !== 'emotion')).toEqual([
      'track',
      'track-ended',
      'track',
    ]);
    expect(messages.find(({ type }) => type === 'track-ended')).toEqual({
      type: 'track-ended',
      ...at(40),
      message: '"One" by A ended after 40 s.',
      title: 'One',
      artist: 'A',
      seconds: 40,
      summary: {
        t: 0,
        startedAt: '1970-01-01T00:00:00.000Z',
        valence: 0,
        arousal: 0.4,
        valenceStart: 0.5,
        valenceEnd: -0.5,
        arousalStart: 0.1,
        arousalEnd: 0.7,
        peakArousal: 0.7,
        loudness: -17.5,
        speech: 0.25,
        moods: { happy: 0.375, sad: 0.375 },
      },
    });
  });

  test('ends before the stream stops, and when the station names none', async () => {
    const types = async (messages: StreamMessage[]) => (await run(messages)).map(({ type }) => type);
    expect(await types([title(0, 'One'), stop])).toEqual(['track', 'track-ended', 'stream-stopped']);
    expect(await types([title(0, 'One'), title(3, ''), stop])).toEqual([
      'track',
      'track-ended',
      'stream-stopped',
    ]);
    expect(await types([title(0, ''), stop])).toEqual(['stream-stopped']);
  });

  test('without a frame of music has no means', async () => {
    const [, , ended] = await run([title(0, 'News'), speech(0), stop]);
    expect(ended).toMatchObject({
      summary: { valence: null, arousalEnd: null, peakArousal: null, speech: 1 },
    });
  });

  test('that is named again, as after a reconnection, goes on', async () => {
    const messages = await run([title(0, 'One', 'A'), music(0, 0, 0), title(5, 'One', 'A'), stop]);
    expect(messages.filter(({ type }) => type.startsWith('track'))).toHaveLength(2);
    expect(await run([title(0, 'One', 'A'), title(5, 'One', 'B')])).toHaveLength(3);
  });

  test('continues from a saved state', async () => {
    const frames = Array.from({ length: 60 }, (_, i) => music(i, Math.sin(i), Math.cos(i)));
    const whole = await run([title(0, 'One'), ...frames, stop]);
    const first = new TrackSummaries();
    await run([title(0, 'One'), ...frames.slice(0, 25)], first);
    const rest = await run([...frames.slice(25), stop], new TrackSummaries(structuredClone(first.state)));
    expect(rest.at(-2)).toEqual(whole.at(-2));
  });
});
