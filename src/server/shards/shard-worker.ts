import { parentPort, workerData } from 'node:worker_threads';
import type { Subscription } from 'rxjs';
import { loadActivityDetector } from '../../model/activity/activity-detector.ts';
import { chooseEngine } from '../../model/engine.ts';
import { loadModel } from '../../model/load.ts';
import { createStepper } from '../../model/stepper.ts';
import { applyScale } from '../../profiles/apply-scale.ts';
import type { Scale } from '../../profiles/profile.ts';
import { loadFft } from '../../stream/fft.ts';
import { type Tracker, track } from '../../tracker.ts';
import { UserError } from '../../user-error.ts';
import { oncePerKey } from '../../util/once-per-key.ts';
import { fromSharedMs, toSharedMs } from '../../util/shared-clock.ts';
import { stoppable } from '../streams/hub-stream.ts';
import { skipWhenLate } from '../streams/skip-when-late.ts';
import type { ForwardedItem } from './forwarded-item.ts';
import { createForwardedSource, type ForwardedSource } from './forwarded-source.ts';
import { type Holdable, holdable } from './holdable.ts';
import {
  type ShardError,
  type ShardReply,
  type ShardRequest,
  type ShardSettings,
  type StartRequest,
  shardErrorOf,
} from './protocol.ts';
import { sourceOf } from './source-spec.ts';

/**
 * A shard: a thread that runs whole streams, from the source to the emotion frame, with an engine of its own. Its
 * streams share batches. Only messages leave it, those of one turn of the event loop together.
 */

interface ShardStream {
  readonly stop: AbortController;
  readonly forwarded: ForwardedSource | undefined;
  readonly held: Holdable;
  scale: Scale | undefined;
  /** Mel frames are sent. */
  tapped: boolean;
  tracker?: Tracker;
  subscription?: Subscription;
}

const BUSY_REPORT_MS = 1_000;
const { engine: engineName } = workerData as ShardSettings;
const port = parentPort!;
const streams = new Map<number, ShardStream>();
let outbox: ShardReply[] = [];

const loading = Promise.all([chooseEngine(engineName), loadFft(), loadActivityDetector()]);
/** Loads each model once, and never unloads it. */
const stepperOf = oncePerKey(async (name) => {
  const [engine] = await loading;
  return createStepper(await loadModel(name, engine));
});
port.on('message', (requests: readonly ShardRequest[]) => {
  for (const request of requests) void handle(request);
});
try {
  const [{ name, description }] = await loading;
  send({ type: 'ready', engine: { name, description } });
} catch (error) {
  send({ type: 'failed', error: asShardError(error) });
}
let before = performance.eventLoopUtilization();
setInterval(() => {
  const now = performance.eventLoopUtilization();
  send({ type: 'busy', share: performance.eventLoopUtilization(now, before).utilization });
  before = now;
}, BUSY_REPORT_MS).unref();

async function handle(request: ShardRequest): Promise<void> {
  switch (request.type) {
    case 'load':
      return answer(request.reply, async () => (await stepperOf(request.model)).model.name);
    case 'start':
      return start(request);
    case 'save':
      return answer(
        request.reply,
        () => streams.get(request.id)?.tracker?.save() ?? Promise.resolve(undefined),
      );
    case 'hold':
      return answer(request.reply, async () => {
        const stream = streams.get(request.id);
        return (await stream?.held.hold()) ? stream?.tracker?.save() : undefined;
      });
    case 'release':
      return answer(request.reply, async () => release(request.id));
    case 'stop':
      streams.get(request.id)?.stop.abort();
      return;
    case 'drop':
      release(request.id);
      return;
    case 'items':
      streams.get(request.id)?.forwarded?.push(request.items.map(ofThisThread));
      return;
    case 'end': {
      const { id, error } = request;
      streams
        .get(id)
        ?.forwarded?.end(error && new UserError(error.code, error.message, { values: error.values }));
      return;
    }
    case 'tap': {
      const stream = streams.get(request.id);
      if (stream) stream.tapped = request.on;
      tap(request.id);
      return;
    }
    case 'scale': {
      const stream = streams.get(request.id);
      if (stream) stream.scale = request.scale;
    }
  }
}

/** Forgets a stream without a message. Returns the items that the main thread sent and that are not analyzed. */
function release(id: number): ForwardedItem[] {
  const { subscription, stop, forwarded } = streams.get(id) ?? {};
  subscription?.unsubscribe();
  stop?.abort();
  streams.delete(id);
  return (forwarded?.takeAll() ?? []).map(ofAllThreads);
}

async function start({
  id,
  name,
  model,
  source: spec,
  uri,
  scale,
  state,
  firstStep,
}: StartRequest): Promise<void> {
  const stop = new AbortController();
  const forwarded = spec
    ? undefined
    : createForwardedSource(uri, (items) => send({ type: 'taken', id, items }));
  try {
    const held = holdable(skipWhenLate(forwarded?.source ?? sourceOf(spec!)), stop.signal);
    const stream: ShardStream = { stop, forwarded, held, scale, tapped: false };
    streams.set(id, stream);
    const [stepper, [, fft, detector]] = await Promise.all([stepperOf(model), loading]);
    if (!streams.has(id)) return; // Dropped meanwhile.
    stream.tracker = track(stoppable(held.source, stop.signal), {
      stream: name,
      stepper,
      fft,
      detector,
      calibrate: (output) => (stream.scale ? applyScale(stream.scale, output) : output),
      state,
      firstStep,
      onInternalError: (error) =>
        send({ type: 'internal-error', id, stack: (error instanceof Error && error.stack) || String(error) }),
    });
    tap(id);
    stream.subscription = stream.tracker.messages$.subscribe({
      next: (message) => send({ type: 'message', id, message }),
      complete: () => void end(id),
    });
  } catch (error) {
    const { code, message } = asShardError(error);
    const time = new Date().toISOString();
    send({
      type: 'message',
      id,
      message: { type: 'stream-stopped', stream: name, t: 0, time, message, code },
    });
    end(id);
  }
}

function tap(id: number): void {
  const { tracker, tapped } = streams.get(id) ?? {};
  tracker?.tapMel(tapped ? (columns) => send({ type: 'mel', id, columns }) : undefined);
}

async function end(id: number): Promise<void> {
  const { stop, tracker } = streams.get(id) ?? {};
  const state = stop?.signal.aborted ? await tracker?.save() : undefined;
  streams.delete(id);
  send({ type: 'ended', id, state });
}

async function answer(reply: number, work: () => Promise<unknown>): Promise<void> {
  try {
    send({ type: 'answer', reply, value: await work() });
  } catch (error) {
    send({ type: 'answer', reply, error: asShardError(error) });
  }
}

function send(reply: ShardReply): void {
  if (outbox.push(reply) > 1) return;
  setImmediate(() => {
    const replies = outbox;
    outbox = [];
    port.postMessage(replies);
  });
}

function ofThisThread(item: ForwardedItem): ForwardedItem {
  return item.type === 'audio' ? { ...item, arrivedAtMs: fromSharedMs(item.arrivedAtMs) } : item;
}

function ofAllThreads(item: ForwardedItem): ForwardedItem {
  return item.type === 'audio' ? { ...item, arrivedAtMs: toSharedMs(item.arrivedAtMs) } : item;
}

/** Prints an internal error, because the main thread gets no more of it than a user may see. */
function asShardError(error: unknown): ShardError {
  if (!(error instanceof UserError)) console.error(error);
  return shardErrorOf(error);
}
