import { Observable, Subject } from 'rxjs';
import { expect, test } from 'vitest';
import { createClient } from '../../../src/client/index.ts';
import { TrackSummaries } from '../../../src/track-summaries.ts';
import type { StreamMessage } from '../../../src/types.ts';
import { Client, frameOf, manualSource, startServer, until } from '../support.ts';

const place = (t: number) => ({
  stream: 'radio',
  t,
  time: new Date(1e12 + 1000 * t).toISOString(),
  message: '',
});
const track = (t: number, title: string): StreamMessage => ({
  type: 'track',
  ...place(t),
  title,
  artist: null,
});

const MESSAGES: readonly StreamMessage[] = [
  { type: 'stream-started', ...place(0) },
  track(0, 'One'),
  ...[0, 1, 2, 3].map((seq) => frameOf('radio', seq)),
  { type: 'segment', ...place(2), confidence: 0.75 },
  track(2, 'Two'),
  ...[4, 5].map((seq) => frameOf('radio', seq)),
];

test('the tracks of a station are sent live, and listed newest first', async () => {
  const { operator } = new TrackSummaries();
  const server = await startServer({
    startTracker: () => ({
      messages$: new Observable<StreamMessage>((subscriber) => {
        for (const message of MESSAGES) subscriber.next(message);
      }).pipe(operator),
    }),
    sources: [{ name: 'radio', source: manualSource().source }],
  });
  const live = await new Client(server, '/v1/live?since=-1').opened();
  await live.received('emotion', 6);
  const events = live.messages.filter(({ type }) => /track|segment/.test(type));
  expect(events).toMatchObject([
    { type: 'track', title: 'One' },
    { type: 'segment', confidence: 0.75 },
    { type: 'track-ended', title: 'One', seconds: 2, summary: { t: 0, speech: 0, moods: { excited: 1 } } },
    { type: 'track', title: 'Two' },
  ]);
  const client = createClient({ url: server.url });
  const tracks = await client.streams.tracks('radio');
  expect(tracks).toMatchObject([
    { stream: 'radio', title: 'Two', endedAt: null, seconds: 1, valence: null },
    {
      title: 'One',
      endedAt: place(2).time,
      seconds: 2,
      valence: expect.any(Number),
      peakArousal: expect.any(Number),
    },
  ]);
  expect(await client.streams.tracks('radio', { limit: 1 })).toHaveLength(1);
  expect(await client.streams.tracks('radio', { to: place(1).time })).toMatchObject([{ title: 'One' }]);
  await expect(client.streams.tracks('other')).rejects.toMatchObject({ code: 'unknown-stream' });
  await expect(client.streams.tracks('radio', { limit: 0 })).rejects.toMatchObject({ code: 'bad-request' });
});

test('the report of a session lists the tracks that played in it', async () => {
  const messages = new Subject<StreamMessage>();
  const server = await startServer({
    startTracker: () => ({ messages$: messages }),
    sources: [{ name: 'radio', source: manualSource().source }],
  });
  await until(() => messages.observed);
  const client = createClient({ url: server.url });
  const ago = (seconds: number) => Date.now() - seconds * 1000;
  const send = (seq: number, title: string, timeMs: number) => {
    messages.next({ ...track(seq / 2, title), time: new Date(timeMs).toISOString() });
    messages.next(frameOf('radio', seq, timeMs + 300));
  };
  send(0, 'Before', ago(60));
  const startedAt = new Date(ago(30)).toISOString();
  const { id } = await client.sessions.start({ stream: 'radio', startedAt });
  send(1, 'During', ago(10));
  const text = await (await client.sessions.report(id, { format: 'text' })).text();
  expect(text).toMatch(
    /Tracks, as the source named them:\n0:00 .{8} "Before": .*\n0:\d\d .{8} "During": still playing, valence/,
  );
});
