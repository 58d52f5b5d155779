import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createClient } from '../../../src/client/index.ts';
import { tempFolder } from '../support.ts';
import { booth } from './session-api.ts';

const TARGET = [
  { t: 0, valence: -0.3, arousal: 0.4 },
  { t: 600, valence: 0.3, arousal: -0.2 },
];

async function session(options: Parameters<typeof booth>[0] = {}) {
  const running = await booth(options);
  await running.booth.steps(2);
  const { body } = await running.api('POST', '/v1/sessions', { stream: 'booth' });
  return { ...running, id: body.id as string, path: `/v1/sessions/${body.id}` };
}

describe('a target', () => {
  test('is set at the start, changed while the session runs, and removed', async () => {
    const { api, path } = await session();
    const withTarget = await api('POST', '/v1/sessions', { stream: 'booth', target: TARGET });
    expect(withTarget.body.target).toEqual(TARGET);
    expect((await api('GET', path)).body.target).toBeNull();
    expect((await api('PATCH', path, { target: TARGET })).body.target).toEqual(TARGET);
    expect((await api('PATCH', path, { title: 'Kept' })).body.target).toEqual(TARGET);
    expect((await api('PATCH', path, { target: null })).body.target).toBeNull();
  });

  test.each([
    ['one point', [TARGET[0]], /expected at least 2 points/],
    ['65 points', Array.from({ length: 65 }, (_, t) => ({ t, valence: 0, arousal: 0 })), /at most 64 points/],
    ['falling times', [TARGET[1], TARGET[0]], /expected rising times/],
    ['the same time twice', [TARGET[0], TARGET[0]], /expected rising times/],
    ['a value beyond the plane', [TARGET[0], { t: 1, valence: 1.2, arousal: 0 }], /expected at most 1/],
    ['a time before the start', [{ ...TARGET[0], t: -1 }, TARGET[1]], /expected at least 0/],
  ])('is refused with %s', async (_, target, reason) => {
    const { api, path } = await session();
    const refused = await api('PATCH', path, { target });
    expect(refused).toMatchObject({ status: 400, body: { code: 'bad-request' } });
    expect(refused.body.detail).toMatch(reason);
  });

  test('is in the exports that ask for it', async () => {
    const { api, path, booth: a } = await session();
    await api('PATCH', path, { target: TARGET });
    await a.steps(3);
    const frames = (await api('GET', `${path}/emotions?target=yes`)).body.frames;
    expect(frames.length).toBeGreaterThanOrEqual(3);
    for (const { valence, arousal, targetValence, targetArousal, targetDistance } of frames) {
      expect(targetValence).toBeCloseTo(-0.3, 1);
      expect(targetArousal).toBeCloseTo(0.4, 1);
      const distance = Math.hypot(valence - targetValence, arousal - targetArousal);
      expect(targetDistance).toBeCloseTo(distance, 3);
    }
    const lines = async (query: string) =>
      (await api('GET', `${path}/emotions?format=csv&forecast=no${query}`)).body.trimEnd().split('\n');
    const plain = await lines('');
    const extended = await lines('&target=yes');
    expect(extended[0]).toBe(`${plain[0]},targetValence,targetArousal,targetDistance`);
    expect(extended[1]).toBe(
      `${plain[1]},${frames[0].targetValence},${frames[0].targetArousal},${frames[0].targetDistance}`,
    );
    const buckets = await lines('&target=yes&resolution=10s');
    expect(buckets[0]).toMatch(/,targetDistance$/);
    expect(buckets[1]!.split(',').at(-1)).toMatch(/^\d\.\d+$/);
    await api('PATCH', path, { target: null });
    expect((await lines('&target=yes'))[1]).toBe(`${plain[1]},,,`);
    const parquet = await api('GET', `${path}/emotions?format=parquet&target=yes`);
    expect(parquet.body).toContain('targetDistance');
  });
});

describe('a signed session', () => {
  test('is locked: nothing changes any more, but addenda can be added and it can be erased', async () => {
    const { api, path, id } = await session();
    const { body: marker } = await api('POST', `${path}/markers`, { note: 'Drums' });
    const open = await api('POST', `${path}/sign`, { name: 'A. Vale' });
    expect(open).toMatchObject({ status: 409, body: { code: 'session-open' } });
    const early = await api('POST', `${path}/addenda`, { name: 'A. Vale', text: 'Too early.' });
    expect(early).toMatchObject({ status: 409, body: { code: 'not-signed' } });
    await api('PATCH', path, { title: 'Evening', recordNumber: 'R-17' });
    await api('POST', `${path}/stop`);
    const { body: signed } = await api('POST', `${path}/sign`, { name: ' A. Vale ' });
    expect(signed).toMatchObject({
      id,
      title: 'Evening',
      recordNumber: 'R-17',
      signed: { name: 'A. Vale', time: expect.stringMatching(/^20\d\d-/) },
    });
    const changes = [
      ['POST', `${path}/sign`, { name: 'B. Dale' }],
      ['PATCH', path, { title: 'Morning' }],
      ['PATCH', path, { tags: [] }],
      ['PATCH', path, { notes: 'Other' }],
      ['PATCH', path, { recordNumber: null }],
      ['PATCH', path, { target: TARGET }],
      ['POST', `${path}/markers`, { time: signed.startedAt }],
      ['PATCH', `${path}/markers/${marker.id}`, { note: 'Bells' }],
      ['DELETE', `${path}/markers/${marker.id}`, undefined],
    ] as const;
    for (const [method, route, body] of changes)
      expect(await api(method, route, body)).toMatchObject({
        status: 409,
        body: {
          code: 'locked',
          detail: `The session ${id} was signed by A. Vale and is locked: add an addendum instead of changing it.`,
        },
      });
    expect((await api('GET', path)).body).toEqual(signed);
    expect((await api('GET', `${path}/markers`)).body.markers).toEqual([marker]);

    const added = await api('POST', `${path}/addenda`, { name: 'B. Dale', text: ' Slept well after. ' });
    expect(added).toMatchObject({ status: 201, body: { name: 'B. Dale', text: 'Slept well after.' } });
    expect((await api('GET', `${path}/addenda`)).body.addenda).toEqual([added.body]);
    expect((await api('GET', `${path}/report?format=text`)).body).toContain('B. Dale: Slept well after.');
    const german = await api('GET', `${path}/report?format=text&language=de`);
    expect(german.body).toMatch(/Nachtrag vom \d+\. .*, B\. Dale: Slept well after\./);
    expect((await api('GET', `${path}/report?language=it`)).status).toBe(400);
    expect((await api('DELETE', path)).status).toBe(204);
  });
});

describe('earlier versions of notes', () => {
  test('are kept with the time of the change; unchanged and empty ones are not', async () => {
    const { api, path, server } = await session();
    const { body: marker } = await api('POST', `${path}/markers`);
    for (const notes of ['First', 'First', 'Second', '', 'Third']) await api('PATCH', path, { notes });
    await api('PATCH', path, { title: 'No note' });
    for (const note of ['Drums', 'Drums and bells'])
      await api('PATCH', `${path}/markers/${marker.id}`, { note });
    const { body } = await api('GET', `${path}/versions`);
    expect(body.versions).toEqual([
      { marker: marker.id, text: 'Drums', replacedAt: expect.any(String) },
      { marker: null, text: 'Second', replacedAt: expect.any(String) },
      { marker: null, text: 'First', replacedAt: expect.any(String) },
    ]);
    const client = createClient({ url: `http://127.0.0.1:${server.port}` });
    expect(await client.sessions.versions(path.split('/').at(-1)!)).toEqual(body.versions);
  });

  test('and addenda are erased with what they belong to, from every file', async () => {
    const dataDir = tempFolder();
    const { api, path } = await session({ dataDir });
    const files = (text: string) =>
      readdirSync(dataDir).filter((file) => readFileSync(join(dataDir, file)).includes(text));
    const { body: marker } = await api('POST', `${path}/markers`, { note: 'Zebra-marker' });
    await api('PATCH', `${path}/markers/${marker.id}`, { note: 'Other' });
    await api('PATCH', path, { notes: 'Zebra-notes' });
    await api('PATCH', path, { notes: 'Other' });
    await api('DELETE', `${path}/markers/${marker.id}`);
    expect(files('Zebra-marker')).toEqual([]);
    expect((await api('GET', `${path}/versions`)).body.versions).toHaveLength(1);
    await api('POST', `${path}/stop`);
    await api('POST', `${path}/sign`, { name: 'Zebra-name' });
    await api('POST', `${path}/addenda`, { name: 'A. Vale', text: 'Zebra-addendum' });
    expect(files('Zebra-').length).toBeGreaterThan(0);
    await api('DELETE', path);
    expect(files('Zebra-')).toEqual([]);
  });
});

test('the letterhead of the configuration is on the page of a report', async () => {
  const { api, path } = await session({ letterhead: ['Clinic of music therapy', '12 High Street'] });
  expect((await api('GET', `${path}/report`)).body).toContain('<b>Clinic of music therapy</b>12 High Street');
});
