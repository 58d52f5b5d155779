import { upgradeWebSocket } from '@hono/node-server';
import type { Logger } from 'pino';
import { z } from 'zod';
import { sourceForms } from '../../stream/sources/index.ts';
import { chooseDevice, type Device } from '../../stream/sources/soundcard/devices.ts';
import { soundcardSource } from '../../stream/sources/soundcard.ts';
import type { Source } from '../../types.ts';
import { UserError } from '../../user-error.ts';
import type { AddressCount } from '../http/address-count.ts';
import { bodyStream } from '../http/body-stream.ts';
import { badRequest, Problem } from '../http/problem.ts';
import { type App, json, route, unchecked } from '../http/route.ts';
import { rejectedSocket, webSocketOnly } from '../http/upgrade.ts';
import type { StreamManager } from '../streams/stream-manager.ts';
import { demoWav, demoWavBytes } from './demo-wav.ts';
import { levelsSocket } from './levels.ts';
import { type DeviceList, demoQuery, deviceList, deviceParam, levelsQuery, sourceKinds } from './schema.ts';

export interface InputServices {
  readonly manager: Pick<StreamManager, 'remote'>;
  /** Lists the sound inputs of the server's computer. */
  readonly listDevices: () => Promise<readonly Device[]>;
  /** Records all channels of an input, to show their levels. Default: from the sound card. */
  readonly openInput?: ((device: Device) => Source) | undefined;
  readonly socketCount: AddressCount;
  readonly logger: Logger;
}

const NOT_ALLOWED = new Problem(
  403,
  'source-not-allowed',
  'This server lets no client use its sound inputs: add "soundcard:" to "remote.schemes" in its configuration.',
);
const tags = ['Inputs'];

const listSources = route('watch', {
  method: 'get',
  path: '/v1/sources',
  tags,
  summary: 'List the kinds of sources, and which of them clients may add',
  responses: { 200: json(sourceKinds, 'The kinds.') },
});

const getDevices = route('manage', {
  method: 'get',
  path: '/v1/devices',
  tags,
  summary: "List the sound inputs of the server's computer",
  responses: { 200: json(deviceList, 'The inputs, or why there are none.') },
});

const getLevels = route('manage', {
  method: 'get',
  path: '/v1/devices/{device}/levels',
  tags,
  summary: 'Receive the level of each channel of a sound input (WebSocket)',
  description:
    'At most ten messages a second, until the client disconnects, at most for 10 min. A client that receives slowly gets the newest levels, with the highest peaks since the last message. Only where the configuration lets clients add `soundcard:` streams. No sound is kept or sent.',
  request: { params: deviceParam, query: levelsQuery },
  responses: { 101: { description: 'The socket is open.' } },
});

const getDemo = route('watch', {
  method: 'get',
  path: '/v1/demo.wav',
  tags,
  summary: 'Get the sound of the demo piece',
  request: { query: demoQuery },
  responses: {
    200: {
      description: 'The beginning of the piece that `demo:` plays.',
      content: { 'audio/wav': { schema: z.string().meta({ format: 'binary' }) } },
    },
  },
});

/** Inputs whose levels are shown at the same time: each has a process. */
const MAX_METERS = 4;
/** As many as PortAudio is asked for at most. */
const MAX_CHANNELS = 32;

const openSoundcard = ({ index, channels }: Device): Source =>
  soundcardSource('soundcard:', String(index), { channels: Math.min(MAX_CHANNELS, channels) });

export function inputRoutes(
  app: App,
  { manager, listDevices, openInput = openSoundcard, socketCount, logger }: InputServices,
): void {
  let meters = 0;
  const counted = (source: Source): Source => ({
    ...source,
    async *open(signal) {
      if (meters >= MAX_METERS)
        throw new UserError(
          'too-many-meters',
          `The levels of ${MAX_METERS} inputs are shown already: close one of them first.`,
        );
      meters++;
      try {
        yield* source.open(signal);
      } finally {
        meters--;
      }
    },
  });
  /** One listing for requests that arrive together: each starts a process. */
  let listing: Promise<DeviceList> | undefined;

  app.openapi(listSources, (c) => {
    const { schemes, folders } = manager.remote;
    const sources = sourceForms().map((form) => ({
      schemes: [...form.schemes],
      usage: form.usage,
      allowed: form.schemes.some((scheme) =>
        scheme === 'file' ? folders.length > 0 : schemes.includes(`${scheme}:`),
      ),
    }));
    return c.json({ sources, folders: [...folders] }, 200);
  });

  app.openapi(getDevices, async (c) => {
    listing ??= list().finally(() => {
      listing = undefined;
    });
    return c.json(await listing, 200);
  });

  app.openAPIRegistry.registerPath(getLevels);
  app.get(getLevels.getRoutingPath(), webSocketOnly(socketCount), (c, next) => {
    if (!manager.remote.schemes.includes('soundcard:'))
      return upgradeWebSocket(() => rejectedSocket(NOT_ALLOWED))(c, next);
    const query = levelsQuery.safeParse(c.req.query());
    if (!query.success)
      return upgradeWebSocket(() => rejectedSocket(badRequest(query.error, c.req.query())))(c, next);
    const open = async () => counted(openInput(chooseDevice(await listDevices(), c.req.param('device'))));
    return upgradeWebSocket(() => levelsSocket(open, query.data.acknowledge === 'yes', logger))(c, next);
  });

  app.openapi(getDemo, (c) => {
    const { seed, seconds } = c.req.valid('query');
    c.header('Content-Type', 'audio/wav');
    c.header('Content-Length', String(demoWavBytes(seconds)));
    c.header('Cache-Control', 'public, max-age=86400');
    return unchecked(c.body(bodyStream(demoWav(seed, seconds))));
  });

  async function list(): Promise<DeviceList> {
    try {
      return { devices: [...(await listDevices())], message: null };
    } catch (error) {
      if (error instanceof UserError) return { devices: [], message: error.message };
      throw error;
    }
  }
}
