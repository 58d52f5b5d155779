import { BlockList } from 'node:net';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { ProfileStore } from '../../../src/profiles/profile-store.ts';
import { StreamProfiles } from '../../../src/server/profiles/stream-profiles.ts';
import type { Hub } from '../../../src/server/streams/hub.ts';
import { StreamManager, type StreamPlan } from '../../../src/server/streams/stream-manager.ts';
import { Alerts } from '../../../src/sinks/alerts/alerts.ts';
import { tempFolder } from '../support.ts';

const DAY_MS = 86_400_000;

test('keep applies per stream, else the default, also to logged streams and senders', async () => {
  const keepMs: Record<string, number | null> = {};
  const plan = (given: Partial<StreamPlan>): StreamPlan => ({
    streams: [],
    alerts: [],
    keep: undefined,
    remote: { schemes: [], folders: [], privateNetworks: new BlockList() },
    ...given,
  });
  const own = { name: 'own', source: 'demo:', keep: '7d' };
  const manager = new StreamManager(
    plan({ streams: [own, { name: 'usual', source: 'demo:' }], keep: '90d' }),
    {
      hub: { remove: async () => false } as unknown as Hub,
      alerts: new Alerts(),
      profiles: new StreamProfiles(new ProfileStore(tempFolder()), pino({ level: 'silent' })),
      open: () => new Promise(() => {}), // The streams never start.
      streamSinks: { set: () => {}, of: () => [] },
      file: join(tempFolder(), 'managed.json'),
      setRetention: (stream, ms) => {
        keepMs[stream] = ms;
      },
      logger: pino({ level: 'silent' }),
    },
  );
  manager.start(['old']);
  manager.streamStarted('sender');
  expect(keepMs).toEqual({ own: 7 * DAY_MS, usual: 90 * DAY_MS, old: 90 * DAY_MS, sender: 90 * DAY_MS });
  await manager.reload(plan({ keep: '1d', streams: [own] }));
  expect(keepMs).toEqual({ own: 7 * DAY_MS, usual: 90 * DAY_MS, old: DAY_MS, sender: DAY_MS });
  await manager.reload(plan({}));
  expect(keepMs).toMatchObject({ old: null, sender: null });
  manager.close();
});
