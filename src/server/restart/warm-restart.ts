import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Log } from '../../log/log.ts';
import { isLive, isReadOnce } from '../../stream/sources/index.ts';
import type { TrackerState } from '../../tracker.ts';
import { within } from '../../util/within.ts';
import type { Limits } from '../limits.ts';
import { PLAIN, type Seal } from './seal.ts';
import { partialOf, readStates, type SavedStream, STATE_FILE, writeStates } from './state-file.ts';

/** A stream that can be saved. */
export interface SavableStream extends Omit<SavedStream, 'state'> {
  /** Its state now, or at its end if it has ended; undefined if it is not known. */
  save(): Promise<TrackerState | undefined>;
}

/** The state that a new run of a stream continues from. */
export interface Continued {
  readonly state: TrackerState;
  /** Seconds since the newest audio that was analyzed, before and after the state was saved. */
  readonly missedSeconds: number;
  readonly message: string;
}

export interface WarmRestartOptions {
  readonly dataDir: string;
  readonly limits: Pick<Limits, 'restartMs' | 'saveStatesMs'>;
  readonly log: Pick<Log, 'history'>;
  readonly logger: Logger;
  /** Default: a checksum. */
  readonly seal?: Seal;
  /** The streams to save. */
  readonly streams: () => Iterable<SavableStream>;
  /** The clock, in ms since 1970. */
  readonly now?: () => number;
}

/** Streams whose states are requested at the same time. */
const AT_ONCE = 16;

/**
 * Keeps the states of all streams in a file, so that they continue after a restart of the program: written every
 * `saveStatesMs`, and at the shutdown. A stream continues if it starts again soon enough, with the same name, source,
 * model and profile. Without a usable file it starts anew.
 */
export class WarmRestart {
  readonly #options: Required<WarmRestartOptions>;
  readonly #file: string;
  readonly #saved = new Map<string, SavedStream>();
  #timer: NodeJS.Timeout | undefined;
  #saving: Promise<void> | undefined;
  /** Aborts the writing that is in progress. */
  #closing = false;
  /** The last states were not written in time. */
  #isLate = false;
  #isFailing = false;

  constructor(options: WarmRestartOptions) {
    this.#options = { seal: PLAIN, now: () => Date.now(), ...options };
    this.#file = join(options.dataDir, STATE_FILE);
  }

  /** Reads the states of the last run of the program. Never rejects. */
  async load(): Promise<void> {
    const { logger, limits, seal } = this.#options;
    try {
      for (const saved of (await readStates(this.#file, seal)) ?? [])
        if (this.#isRecent(saved)) this.#saved.set(saved.stream, saved);
      if (this.#saved.size === 0) await rm(this.#file, { force: true });
    } catch (error) {
      this.#saved.clear();
      logger.warn(
        `The states of the streams in ${this.#file} cannot be used (${(error as Error).message}): all streams start anew.`,
      );
    }
    const forget = setTimeout(() => this.#saved.clear(), limits.restartMs + limits.saveStatesMs);
    forget.unref();
  }

  /** Begins to write the states of this run. */
  start(): void {
    const { limits } = this.#options;
    this.#timer = setInterval(() => void this.#save(), limits.saveStatesMs);
    this.#timer.unref();
  }

  /** The state from which a stream continues, once; undefined if it starts anew. */
  take({
    stream,
    source,
    fingerprint,
    profile,
  }: Pick<SavedStream, 'stream' | 'source' | 'fingerprint' | 'profile'>): Continued | undefined {
    const saved = this.#saved.get(stream);
    this.#saved.delete(stream);
    if (!saved || !this.#isRecent(saved) || !goesOn(source)) return undefined;
    if (saved.source !== source || saved.fingerprint !== fingerprint || saved.profile !== profile)
      return undefined;
    const nowMs = this.#options.now();
    // After a crash, the log has frames of audio that the state does not know.
    const analyzedMs = Math.max(saved.atMs, Math.min(nowMs, this.#newestFrameMs(saved)));
    const [missedSeconds, ageSeconds] = [analyzedMs, saved.atMs].map((ms) => Math.round(nowMs - ms) / 1000);
    const message = `The server was restarted: ${missedSeconds} s were missed, and the stream continues from its state ${ageSeconds} s ago.`;
    return { state: saved.state, missedSeconds: missedSeconds!, message };
  }

  /** Writes the last states, within `withinMs`, if it has started. */
  async close(withinMs: number): Promise<void> {
    clearInterval(this.#timer);
    if (!this.#timer) return;
    const written = this.#writeLast();
    if (await within(withinMs, written)) return;
    this.#isLate = true;
    await rm(partialOf(this.#file), { force: true });
    this.#options.logger.warn(`The states of the streams could not be saved within ${withinMs} ms.`);
  }

  /** Ends a writing that is in progress, whose states are older, and writes all. */
  async #writeLast(): Promise<void> {
    this.#closing = true;
    await this.#saving;
    if (this.#isLate) return;
    this.#closing = false;
    await this.#save();
  }

  /** Never rejects. */
  #save(): Promise<void> {
    this.#saving ??= this.#write().finally(() => {
      this.#saving = undefined;
    });
    return this.#saving;
  }

  async #write(): Promise<void> {
    const { seal, logger } = this.#options;
    try {
      const complete = await writeStates(this.#file, this.#states(), seal);
      if (!complete && !this.#isFailing)
        logger.warn(`${this.#file} is full: some streams will start anew after a restart.`);
      this.#isFailing = !complete;
    } catch (err) {
      if (err !== CLOSING && !this.#isLate && !this.#isFailing)
        logger.warn(
          { err },
          'The states of the streams cannot be saved: they will start anew after a restart.',
        );
      this.#isFailing = err !== CLOSING;
    }
  }

  async *#states(): AsyncGenerator<SavedStream> {
    const streams = [...this.#options.streams()];
    for (let i = 0; i < streams.length; i += AT_ONCE) {
      const some = streams.slice(i, i + AT_ONCE);
      const states = await Promise.all(some.map(({ save }) => save().catch(() => undefined)));
      for (const [k, { save: _, ...stream }] of some.entries()) {
        if (this.#closing || this.#isLate) throw CLOSING;
        const state = states[k];
        if (state) yield { ...stream, state };
      }
    }
  }

  #isRecent({ atMs }: SavedStream): boolean {
    const { limits, now } = this.#options;
    const ageMs = now() - atMs;
    return ageMs >= 0 && ageMs <= limits.restartMs + limits.saveStatesMs;
  }

  #newestFrameMs({ stream, run }: SavedStream): number {
    const { history } = this.#options.log;
    const logged = history.runs(stream, run)[0];
    if (logged?.run !== run || logged.lastSeq < 0) return 0;
    return Date.parse(history.frame(stream, run, logged.lastSeq)?.time ?? '') || 0;
  }
}

const CLOSING = new Error('The server is shutting down.');

/** Whether a source goes on after a restart. A file and the demo begin again, and so do their streams. */
const goesOn = (source: string): boolean => isLive(source) || isReadOnce(source);
