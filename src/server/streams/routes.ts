import { z } from 'zod';
import { roundTo } from '../../frame-fields.ts';
import type { Log } from '../../log/log.ts';
import { emotionsQuery } from '../../log/query.ts';
import { ALL_TIME, type TimeRange } from '../../log/time-range.ts';
import { alertRules } from '../../sinks/alerts/rule.ts';
import { sinkList } from '../../sinks/sink-entry.ts';
import type { StreamInfo } from '../../types.ts';
import { streamName } from '../../util/schemas.ts';
import { Problem } from '../http/problem.ts';
import { type App, json, jsonBody, route, unchecked } from '../http/route.ts';
import { previewAlerts } from './alert-preview.ts';
import type { Hub } from './hub.ts';
import { loggedStream, rangeOf, sendFrames } from './logged-stream.ts';
import {
  alertPreview,
  eventList,
  eventsQuery,
  framesContent,
  ruleList,
  rulesAndRange,
  sinkStates,
  streamEntry,
  streamInfo,
  streamList,
  streamParam,
} from './schema.ts';
import type { StreamManager } from './stream-manager.ts';
import { trackList, tracksQuery } from './track-schema.ts';

export interface StreamServices {
  readonly hub: Hub;
  readonly log: Log;
  readonly manager: StreamManager;
}

const tags = ['Streams'];

const listStreams = route('watch', {
  method: 'get',
  path: '/v1/streams',
  tags,
  summary: 'List running and recently stopped streams',
  responses: { 200: json(streamList, 'The streams.') },
});

const getStream = route('watch', {
  method: 'get',
  path: '/v1/streams/{name}',
  tags,
  summary: 'Get one stream, also one that only the log has',
  request: { params: streamParam },
  responses: { 200: json(streamInfo, 'The stream.') },
});

const getEmotions = route('watch', {
  method: 'get',
  path: '/v1/streams/{name}/emotions',
  tags,
  summary: 'Get the frames of a stream from the log',
  request: { params: streamParam, query: emotionsQuery },
  responses: {
    200: { description: 'Frames, or means over intervals.', content: framesContent },
  },
});

const getTracks = route('watch', {
  method: 'get',
  path: '/v1/streams/{name}/tracks',
  tags,
  summary: 'List the tracks that a station named, newest first',
  request: { params: streamParam, query: tracksQuery },
  responses: { 200: json(trackList, 'The tracks.') },
});

const addStream = route('manage', {
  method: 'post',
  path: '/v1/streams',
  tags,
  summary: 'Add a stream',
  description:
    'The server keeps the stream running, also after a restart, until it is deleted. The configuration sets which sources are allowed.',
  request: jsonBody(streamEntry),
  responses: { 201: json(streamInfo, 'The stream, which has started.') },
});

const removeStream = route('manage', {
  method: 'delete',
  path: '/v1/streams/{name}',
  tags,
  summary: 'Stop and remove a stream; its frames stay in the log',
  request: { params: streamParam },
  responses: { 204: { description: 'The stream has stopped and is no longer listed.' } },
});

const renameStream = route('manage', {
  method: 'patch',
  path: '/v1/streams/{name}',
  tags,
  summary: 'Rename a stream that was added over the API',
  description:
    'Its source goes on under the new name, in a new run, with its rules, sinks and profile. Its frames so far stay in the log under the old name.',
  request: { params: streamParam, ...jsonBody(z.strictObject({ name: streamName })) },
  responses: { 200: json(streamInfo, 'The stream under its new name.') },
});

const getAlerts = route('watch', {
  method: 'get',
  path: '/v1/streams/{name}/alerts',
  tags,
  summary: 'Get the alert rules of a stream',
  request: { params: streamParam },
  responses: { 200: json(ruleList, 'The rules.') },
});

const setAlerts = route('manage', {
  method: 'put',
  path: '/v1/streams/{name}/alerts',
  tags,
  summary: 'Set the alert rules of a stream, which replace those of the configuration',
  request: { params: streamParam, ...jsonBody(z.strictObject({ rules: alertRules })) },
  responses: { 200: json(ruleList, 'The rules.') },
});

const resetAlerts = route('manage', {
  method: 'delete',
  path: '/v1/streams/{name}/alerts',
  tags,
  summary: 'Reset the alert rules of a stream to those of the configuration',
  request: { params: streamParam },
  responses: { 204: { description: 'The rules are reset.' } },
});

const previewRules = route('manage', {
  method: 'post',
  path: '/v1/streams/{name}/alerts/preview',
  tags,
  summary: 'Get the alerts that rules would have raised in a range of the log',
  request: { params: streamParam, ...jsonBody(rulesAndRange) },
  responses: { 200: json(alertPreview, 'The alerts.') },
});

const getEvents = route('watch', {
  method: 'get',
  path: '/v1/streams/{name}/events',
  tags,
  summary: 'Get the events of a stream from the log, such as its alerts',
  request: { params: streamParam, query: eventsQuery },
  responses: { 200: json(eventList, 'The events, oldest first.') },
});

const getSinks = route('watch', {
  method: 'get',
  path: '/v1/streams/{name}/sinks',
  tags,
  summary: 'Get the sinks of a stream and their state',
  request: { params: streamParam },
  responses: { 200: json(sinkStates, 'The sinks, without their secrets.') },
});

const setSinks = route('manage', {
  method: 'put',
  path: '/v1/streams/{name}/sinks',
  tags,
  summary: 'Set the sinks of a stream, which replace those of the configuration',
  description:
    'Sinks that write files or use devices can only be in the configuration. Addresses must be public or in `remote.privateNetworks` of the configuration.',
  request: { params: streamParam, ...jsonBody(z.strictObject({ sinks: sinkList })) },
  responses: { 200: json(sinkStates, 'The sinks.') },
});

const resetSinks = route('manage', {
  method: 'delete',
  path: '/v1/streams/{name}/sinks',
  tags,
  summary: 'Reset the sinks of a stream to those of the configuration',
  request: { params: streamParam },
  responses: { 204: { description: 'The sinks are reset.' } },
});

export function streamRoutes(app: App, { hub, log, manager }: StreamServices): void {
  app.openapi(listStreams, (c) => c.json({ streams: hub.list() }, 200));
  app.openapi(getStream, (c) => c.json(existing(c.req.valid('param').name), 200));
  app.openapi(getEmotions, (c) => {
    const { stream } = existing(c.req.valid('param').name);
    const query = c.req.valid('query');
    return unchecked(sendFrames(c, { stream, range: rangeOf(query), query }, log));
  });
  app.openapi(getTracks, (c) => {
    const { stream, last, run } = existing(c.req.valid('param').name);
    const { from, to, limit } = c.req.valid('query');
    log.flush();
    const range = { fromMs: from ?? ALL_TIME.fromMs, toMs: to ?? ALL_TIME.toMs };
    const tracks = log.history.tracks({ stream, range, limit }).map((track) => {
      if (track.endedAt !== null || track.run !== run || !last) return track;
      return { ...track, seconds: Math.max(0, roundTo(last.t - track.t, 4)) };
    });
    return c.json({ tracks }, 200);
  });
  app.openapi(addStream, async (c) => {
    const info = await manager.add(c.req.valid('json'));
    return c.json(info, 201, { Location: `/v1/streams/${info.stream}` });
  });
  app.openapi(removeStream, async (c) => {
    const { name } = c.req.valid('param');
    if (await manager.remove(name)) return c.body(null, 204);
    throw new Problem(404, 'unknown-stream', `There is no running or added stream "${name}".`);
  });
  app.openapi(renameStream, async (c) => {
    const { stream } = existing(c.req.valid('param').name);
    const { name } = c.req.valid('json');
    const info = name === stream ? hub.get(name) : undefined;
    return c.json(info ?? (await manager.rename(stream, name)), 200);
  });

  app.openapi(getAlerts, (c) => c.json(manager.rules(valid(c.req.valid('param').name)), 200));
  app.openapi(setAlerts, (c) => {
    const name = valid(c.req.valid('param').name);
    manager.setRules(name, c.req.valid('json').rules);
    return c.json(manager.rules(name), 200);
  });
  app.openapi(resetAlerts, (c) => {
    manager.setRules(valid(c.req.valid('param').name), undefined);
    return c.body(null, 204);
  });

  app.openapi(previewRules, async (c) => {
    const { rules, from, to = Date.now() } = c.req.valid('json');
    const range = previewRange({ from: from ?? to - DAY_MS, to });
    log.flush();
    const preview = await previewAlerts(log.history, valid(c.req.valid('param').name), rules, range);
    return c.json({ ...preview, alerts: [...preview.alerts] }, 200);
  });
  app.openapi(getEvents, (c) => {
    const { stream } = existing(c.req.valid('param').name);
    const { from, to = Date.now() + 1, type, limit } = c.req.valid('query');
    log.flush();
    const events = log.history.events(stream, { fromMs: from ?? to - DAY_MS, toMs: to }, limit, type);
    return unchecked(c.json({ stream, events }, 200));
  });

  app.openapi(getSinks, (c) => c.json(manager.sinks(valid(c.req.valid('param').name)), 200));
  app.openapi(setSinks, (c) => {
    const name = valid(c.req.valid('param').name);
    manager.setSinks(name, c.req.valid('json').sinks);
    return c.json(manager.sinks(name), 200);
  });
  app.openapi(resetSinks, (c) => {
    manager.setSinks(valid(c.req.valid('param').name), undefined);
    return c.body(null, 204);
  });

  function existing(name: string): StreamInfo {
    const stream = hub.get(name) ?? loggedStream(log, name);
    if (stream) return stream;
    throw new Problem(
      404,
      'unknown-stream',
      `There is no stream "${name}": check its name, or choose one that is listed.`,
    );
  }
}

const DAY_MS = 86_400_000;
/** The longest range of a preview. */
const MAX_DAYS = 7;

/** @throws Problem `bad-request` */
function previewRange(query: { readonly from: number; readonly to: number }): TimeRange {
  const range = rangeOf(query);
  if (range.toMs - range.fromMs <= MAX_DAYS * DAY_MS) return range;
  throw new Problem(
    400,
    'bad-request',
    `The request is invalid: expected a range of at most ${MAX_DAYS} days.`,
  );
}

/** Rules may be set before the stream starts, so every valid name is accepted. */
function valid(name: string): string {
  if (streamName.safeParse(name).success) return name;
  throw new Problem(404, 'unknown-stream', `There cannot be a stream "${name}".`);
}
