import type { Logger } from 'pino';
import { applyScale } from '../../profiles/apply-scale.ts';
import type { Scale } from '../../profiles/profile.ts';
import { type ProfileStore, usableScale } from '../../profiles/profile-store.ts';
import type { ModelOutput } from '../../types.ts';
import { UserError } from '../../user-error.ts';

/** Which profile each stream uses. */
export interface ProfilePlan {
  /** For streams without an entry in `own`. */
  readonly all: string | undefined;
  /** By the stream's name; null: none. */
  readonly own: ReadonlyMap<string, string | null>;
}

/** A tracker's use of a profile. */
interface Use {
  readonly model: string;
  readonly profile: string | undefined;
  readonly scale: Scale | undefined;
}

/**
 * Puts the predictions of each stream on the scale of its profile. Profiles are read when a stream starts and when
 * profiles change; a change applies from the next step on.
 */
export class StreamProfiles {
  readonly store: ProfileStore;
  /** Called after profiles or their choice may have changed. */
  onRefresh: () => void = () => {};
  readonly #logger: Pick<Logger, 'error'>;
  /** By the stream's name: its newest tracker. */
  readonly #uses = new Map<string, Use>();
  #plan: ProfilePlan = { all: undefined, own: new Map() };

  constructor(store: ProfileStore, logger: Pick<Logger, 'error'>) {
    this.store = store;
    this.#logger = logger;
  }

  /** For the tracker of a stream that starts with this model. */
  calibrateFor(stream: string, model: string): (output: ModelOutput) => ModelOutput {
    this.#uses.set(stream, this.#use(stream, model));
    return (output) => {
      const scale = this.#uses.get(stream)?.scale;
      return scale ? applyScale(scale, output) : output;
    };
  }

  /** The name of the profile that a stream uses; undefined if it uses none. */
  of(stream: string): string | undefined {
    return this.#uses.get(stream)?.profile;
  }

  /** The name of the profile that a stream should use. */
  planned(stream: string): string | undefined {
    const { all, own } = this.#plan;
    return own.has(stream) ? (own.get(stream) ?? undefined) : all;
  }

  /** The model and scale of a stream that has started; undefined for another one. */
  use(stream: string): Pick<Use, 'model' | 'scale'> | undefined {
    return this.#uses.get(stream);
  }

  forget(stream: string): void {
    this.#uses.delete(stream);
  }

  /** @throws UserError if the stream cannot use this profile: as `usableScale` does */
  check(stream: string, profile: string): void {
    usableScale(this.store, profile, this.#uses.get(stream)?.model ?? this.store.get(profile).model);
  }

  set plan(plan: ProfilePlan) {
    this.#plan = plan;
    this.refresh();
  }

  /** Reads all profiles in use again. */
  refresh(): void {
    for (const [stream, { model }] of this.#uses) this.#uses.set(stream, this.#use(stream, model));
    this.onRefresh();
  }

  /** A profile that cannot be used is logged, and the stream runs without it. */
  #use(stream: string, model: string): Use {
    const name = this.planned(stream);
    if (name === undefined) return { model, profile: undefined, scale: undefined };
    try {
      return { model, profile: name, scale: usableScale(this.store, name, model) };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.#logger.error({ stream, code: error.code }, `${error.message} The stream runs without it.`);
      return { model, profile: undefined, scale: undefined };
    }
  }
}
