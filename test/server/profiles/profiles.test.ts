import { join } from 'node:path';
import { pino } from 'pino';
import { map } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { scaleOf } from '../../../src/profiles/profile.ts';
import { ProfileStore } from '../../../src/profiles/profile-store.ts';
import { StreamProfiles } from '../../../src/server/profiles/stream-profiles.ts';
import type { StartTracker } from '../../../src/server/streams/hub-options.ts';
import type { EmotionFrame, ModelOutput } from '../../../src/types.ts';
import { fakeTracker, frameOf, manualSource, startServer, tempFolder, until } from '../support.ts';

// biome-ignore lint/suspicious/noExplicitAny: tests read responses of any shape
type Json = any;

/** A server with the stream `booth`, whose tracker uses profiles as a real one does. */
async function serverWith(dataDir = tempFolder(), model = 'fake') {
  const profiles = new StreamProfiles(new ProfileStore(dataDir), pino({ level: 'silent' }));
  const startTracker: StartTracker = (source, stream) => {
    const calibrate = profiles.calibrateFor(stream, model);
    const { messages$ } = fakeTracker(source, stream);
    const calibrated = (frame: EmotionFrame): EmotionFrame =>
      frame.valence === null ? frame : { ...frame, ...calibrate(frame as EmotionFrame & ModelOutput) };
    return { messages$: messages$.pipe(map((one) => (one.type === 'emotion' ? calibrated(one) : one))) };
  };
  const { source, steps } = manualSource();
  const server = await startServer({ dataDir, profiles, startTracker, sources: [{ name: 'booth', source }] });
  const call = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${server.url}v1/${path}`, {
      method,
      ...(body !== undefined && {
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      }),
    });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as Json };
  };
  /** Plays until frame `seq`. */
  let played = 0;
  const playTo = async (seq: number) => {
    await steps(seq + 1 - played);
    played = seq + 1;
    await until(() => server.hub.get('booth')?.last?.seq === seq, `frame ${seq}`);
  };
  const rate = (valence: number | null, arousal: number | null, more = {}) =>
    call('POST', 'profiles/anna/ratings', { stream: 'booth', valence, arousal, ...more });
  return { server, call, playTo, rate, dataDir };
}

/** Rates several frames of music; each rating is the reading's valence + 0.3. */
async function rateSome({ playTo, rate }: Awaited<ReturnType<typeof serverWith>>, count: number) {
  let seq = 0;
  for (let n = 0; n < count; n++, seq += seq % 7 === 5 ? 2 : 1) {
    await playTo(seq);
    await rate(Math.min(1, frameOf('booth', seq).valence! + 0.3), null);
  }
}

describe('ratings while music plays', () => {
  test('are stored with the reading of the present step, listed and fitted', async () => {
    const served = await serverWith();
    const { call, playTo, rate } = served;
    await playTo(2);
    const { valence, arousal } = frameOf('booth', 2);
    const first = await rate(0.5, -0.25, { piece: 'A song' });
    expect(first).toMatchObject({
      status: 201,
      body: {
        rating: { piece: 'A song', valence: 0.5, arousal: -0.25, reading: { valence, arousal } },
        profile: { name: 'anna', model: 'fake', ratings: 1, fit: null, streams: [] },
      },
    });
    expect(await call('POST', 'profiles/anna/fit')).toMatchObject({
      status: 409,
      body: { code: 'too-few-ratings' },
    });
    expect((await call('DELETE', 'profiles/anna/ratings/newest')).body.ratings).toBe(0);
    expect((await call('DELETE', 'profiles/anna/ratings/newest')).body.code).toBe('no-ratings');

    await rate(0.9, null);
    for (const seq of [3, 4, 5, 7, 8]) {
      await playTo(seq);
      await rate(Math.min(1, frameOf('booth', seq).valence! + 0.3), null);
    }
    const fitted = await call('POST', 'profiles/anna/fit');
    expect(fitted).toMatchObject({ status: 200, body: { ratings: 6, fit: { arousal: null } } });
    expect(fitted.body.fit.summary).toMatch(/^Valence: the error on other pieces/);
    expect((await call('GET', 'profiles')).body.profiles).toEqual([fitted.body]);
    expect((await call('GET', 'profiles/anna')).body).toMatchObject({ version: 1, fit: fitted.body.fit });
  });

  test('need a stream that plays music now', async () => {
    const { call, playTo, rate } = await serverWith();
    expect((await rate(0, 0)).body.code).toBe('no-reading');
    await playTo(6); // silence
    expect(await rate(0, 0)).toMatchObject({ status: 409, body: { code: 'no-reading' } });
    const other = await call('POST', 'profiles/anna/ratings', { stream: 'other', valence: 0 });
    expect(other).toMatchObject({ status: 404, body: { code: 'unknown-stream' } });
    for (const body of [
      { stream: 'booth' },
      { stream: 'booth', valence: 1.5 },
      { stream: 'booth', valence: '0' },
    ])
      expect((await call('POST', 'profiles/anna/ratings', body)).status).toBe(400);
    expect((await call('POST', 'profiles/No%20name/ratings', { stream: 'booth', valence: 0 })).status).toBe(
      400,
    );
    expect((await call('GET', 'profiles')).body.profiles).toEqual([]);
  });

  test('belong to one model', async () => {
    const dataDir = tempFolder();
    const first = await serverWith(dataDir);
    await first.playTo(0);
    await first.rate(0, 0);
    await first.server.close();
    const second = await serverWith(dataDir, 'other');
    await second.playTo(0);
    expect(await second.rate(0, 0)).toMatchObject({ status: 409, body: { code: 'profile-model' } });
  });
});

describe('the profile of a stream', () => {
  test('applies from the next step on, and survives a restart', async () => {
    const served = await serverWith();
    const { call, playTo, server, dataDir } = served;
    const use = (profile: string | null, stream = 'booth') =>
      call('PUT', `streams/${stream}/profile`, { profile });
    await rateSome(served, 6);
    expect(await use('anna')).toMatchObject({ status: 409, body: { code: 'profile-not-fitted' } });
    expect(await use('ben')).toMatchObject({ status: 404, body: { code: 'unknown-profile' } });
    expect((await use(null, 'other')).body.code).toBe('unknown-stream');
    await call('POST', 'profiles/anna/fit');
    expect((await use('anna')).body).toMatchObject({ stream: 'booth', profile: 'anna' });

    await playTo(9);
    const { valence } = scaleOf(new ProfileStore(dataDir).get('anna'))!;
    const expected = Math.min(1, valence.offset + valence.slope * frameOf('booth', 9).valence!);
    expect(server.hub.get('booth')!.last!.valence).toBeCloseTo(expected, 9);
    // A rating stores the model's own reading.
    const { body } = await served.rate(0.1, 0.1);
    expect(body.rating.reading.valence).toBeCloseTo(frameOf('booth', 9).valence!, 9);
    expect(body.profile.streams).toEqual(['booth']);
    expect((await call('DELETE', 'profiles/anna')).body.code).toBe('profile-in-use');
    await server.close();

    const again = await serverWith(dataDir);
    await again.playTo(0);
    expect((await again.call('GET', 'streams/booth')).body.profile).toBe('anna');
    expect(
      (await again.call('PUT', 'streams/booth/profile', { profile: null })).body.profile,
    ).toBeUndefined();
    await again.playTo(1);
    expect(again.server.hub.get('booth')!.last!.valence).toBe(frameOf('booth', 1).valence);
    expect((await again.call('DELETE', 'profiles/anna')).status).toBe(204);
    expect((await again.call('DELETE', 'profiles/anna')).status).toBe(404);
  });

  test('that cannot be used is logged, and the stream runs without it', async () => {
    const logged: string[] = [];
    const store = new ProfileStore(join(tempFolder(), 'none'));
    const profiles = new StreamProfiles(store, {
      error: (_: unknown, text?: string) => logged.push(text!),
    } as never);
    profiles.plan = { all: 'anna', own: new Map([['room', null]]) };
    profiles.calibrateFor('booth', 'fake');
    profiles.calibrateFor('room', 'fake');
    expect(logged).toEqual([
      'There is no profile "anna": make one with "undertone calibrate". The stream runs without it.',
    ]);
    expect([profiles.of('booth'), profiles.of('room')]).toEqual([undefined, undefined]);
  });
});
