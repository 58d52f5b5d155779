import type { ActiveAlert, EmotionFrame, StreamEvent, StreamInfo } from '../../src/types.ts';
import { t } from './i18n.ts';
import type { StateReason } from './state-text.ts';
import { RING_STEPS, StepRing } from './step-ring.ts';

const EVENTS_KEPT = 30;
const INTERRUPTIONS_KEPT = 64;
const NO_REASON: StateReason = { message: null };

/** Everything this page knows about one stream. Written on every message, read once per screen frame. */
export class StreamRecord {
  readonly name: string;
  /** Counts its changes. */
  version = 0;
  ring = new StepRing();
  /** The newest frame. */
  last: EmotionFrame | null = null;
  /** The newest frame with an emotion: where the point stays during silence. */
  lastMusic: EmotionFrame | null = null;
  state: StreamInfo['state'] = 'running';
  source = '';
  /** Why the stream is not running; without a message if it is, or if the server has not sent it. */
  reason: StateReason = NO_REASON;
  /** Newest first. */
  events: readonly StreamEvent[] = [];
  /** Raised and not yet cleared. */
  alerts: readonly ActiveAlert[] = [];
  /** `performance.now()` when the newest frame arrived. */
  receivedAtMs = Number.NEGATIVE_INFINITY;
  /** `performance.now()` when a frame arrived as the server emitted it; null: none yet. */
  emittedAtMs: number | null = null;
  /** Times of the newest steps at which the connection broke or messages were skipped, oldest first. */
  interruptions: readonly number[] = [];
  /** Frames older than the ring's newest, not yet merged. */
  #late: EmotionFrame[] = [];

  constructor(name: string) {
    this.name = name;
  }

  addFrame(frame: EmotionFrame, nowMs: number): void {
    if (!this.ring.append(frame)) {
      if (this.#late.length < RING_STEPS) this.#late.push(frame);
      return;
    }
    this.last = frame;
    if (frame.valence !== null) this.lastMusic = frame;
    this.#setState('running', NO_REASON);
    this.receivedAtMs = this.emittedAtMs = nowMs;
  }

  addEvent(event: StreamEvent): void {
    if (this.events.some((known) => isSame(known, event))) return;
    this.version++;
    this.events = [event, ...this.events].slice(0, EVENTS_KEPT);
    if (event.type === 'stream-started' || event.type === 'source-restored')
      this.#setState('running', NO_REASON);
    else if (event.type === 'stream-stopped') this.#setState('stopped', event);
    else if (event.type === 'source-lost') this.#setState('lost', event);
    else if (event.type === 'clock-changed') this.#clockChanged(event.seconds);
    else if (event.type === 'alert-raised' || event.type === 'alert-cleared') {
      const others = this.alerts.filter(({ alert }) => alert !== event.alert);
      this.alerts = event.type === 'alert-raised' ? [...others, event] : others;
    }
  }

  /** Steps after the newest may be missing: the page was not connected, or did not get all messages. */
  interrupted(): void {
    if (this.ring.length === 0) return;
    const at = this.ring.x(this.ring.length - 1);
    if (at !== this.interruptions.at(-1))
      this.interruptions = [...this.interruptions, at].slice(-INTERRUPTIONS_KEPT);
  }

  /** The server may not have this stream any more: its summary follows if it has. */
  forget(): void {
    if (this.state !== 'stopped') this.#setState('stopped', { message: t('status.restarted') });
  }

  /** It is the stream of `before` under another name: its curve goes on. */
  continueFrom(before: StreamRecord): void {
    if (this.ring.length > 0) return;
    this.version++;
    this.ring = before.ring;
    this.interruptions = before.interruptions;
    this.lastMusic ??= before.lastMusic;
  }

  /** The server has it no more: it was removed. */
  remove(): void {
    this.#setState('stopped', { message: null, because: 'removed' });
    this.alerts = [];
  }

  /** Applies the server's summary of the stream, sent on connecting. */
  setInfo(info: StreamInfo, nowMs: number): void {
    if (info.state === 'running') this.receivedAtMs = nowMs;
    this.#setState(info.state, info);
    this.source = info.source;
    this.alerts = info.alerts ?? [];
    if (info.last !== null) this.#updateLast(info.last);
  }

  /** Merges frames from the log or from a replay. */
  addHistory(frames: readonly EmotionFrame[]): void {
    this.version++;
    this.ring.merge(frames);
    for (const frame of frames) this.#updateLast(frame);
  }

  /** Merges the late frames: once per screen frame, so that a replay of hundreds of frames is sorted once. */
  mergeLate(): void {
    if (this.#late.length === 0) return;
    this.addHistory(this.#late);
    this.#late = [];
  }

  #clockChanged(seconds: number): void {
    this.ring.clockChanged(seconds);
    this.interruptions = this.interruptions.map((at) => at + seconds);
  }

  #setState(state: StreamInfo['state'], reason: StateReason): void {
    this.version++;
    this.state = state;
    this.reason = reason;
  }

  #updateLast(frame: EmotionFrame): void {
    if (isNewer(frame, this.last)) this.last = frame;
    if (frame.valence !== null && isNewer(frame, this.lastMusic)) this.lastMusic = frame;
  }
}

function isNewer(frame: EmotionFrame, than: EmotionFrame | null): boolean {
  return than === null || Date.parse(frame.time) > Date.parse(than.time);
}

/** A replay may bring an event a second time. */
function isSame(one: StreamEvent, other: StreamEvent): boolean {
  return one.time === other.time && one.type === other.type && one.message === other.message;
}
