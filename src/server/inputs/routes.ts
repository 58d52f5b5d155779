import { z } from 'zod';
import { sourceForms } from '../../stream/sources/index.ts';
import type { Device } from '../../stream/sources/soundcard/devices.ts';
import { UserError } from '../../user-error.ts';
import { bodyStream } from '../http/body-stream.ts';
import { type App, json, route, unchecked } from '../http/route.ts';
import type { StreamManager } from '../streams/stream-manager.ts';
import { demoWav, demoWavBytes } from './demo-wav.ts';
import { type DeviceList, demoQuery, deviceList, sourceKinds } from './schema.ts';

export interface InputServices {
  readonly manager: Pick<StreamManager, 'remote'>;
  /** Lists the sound inputs of the server's computer. */
  readonly listDevices: () => Promise<readonly Device[]>;
}

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

export function inputRoutes(app: App, { manager, listDevices }: InputServices): void {
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
