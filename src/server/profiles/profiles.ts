import { unscaled } from '../../profiles/apply-scale.ts';
import { fitProfile } from '../../profiles/fit-profile.ts';
import type { Profile, Rating } from '../../profiles/profile.ts';
import { checkModel, type ProfileStore } from '../../profiles/profile-store.ts';
import { UserError } from '../../user-error.ts';
import type { Limits } from '../limits.ts';
import type { Hub } from '../streams/hub.ts';
import type { AddedRating, NewRating, ProfileInfo } from './schema.ts';
import type { StreamProfiles } from './stream-profiles.ts';

export interface ProfilesOptions {
  readonly hub: Pick<Hub, 'get' | 'list'>;
  readonly streamProfiles: StreamProfiles;
  readonly limits: Pick<Limits, 'profiles' | 'ratings'>;
}

/** The profiles of the server: rates what streams play, and fits profiles to the ratings. */
export class Profiles {
  readonly #options: ProfilesOptions;
  readonly #store: ProfileStore;

  constructor(options: ProfilesOptions) {
    this.#options = options;
    this.#store = options.streamProfiles.store;
  }

  list(): ProfileInfo[] {
    return this.#store.names().map((name) => this.#info(this.#store.get(name)));
  }

  /** @throws UserError `unknown-profile` */
  get(name: string): Profile {
    return this.#store.get(name);
  }

  /**
   * Rates what a stream plays now. The first rating creates the profile.
   *
   * @throws UserError `unknown-stream`, `no-reading`, `profile-model`, `too-many-ratings`, `too-many-profiles`, `not-kept`
   */
  rate(name: string, { stream, valence = null, arousal = null, piece = stream }: NewRating): AddedRating {
    const { model, reading } = this.#readingOf(stream);
    const profile = this.#store.find(name) ?? this.#create(name, model);
    checkModel(profile, model);
    const { ratings: limit } = this.#options.limits;
    if (profile.ratings.length >= limit) {
      const message = `The profile "${name}" has ${limit} ratings, its limit: fit it, or use another name.`;
      throw new UserError('too-many-ratings', message);
    }
    const rating: Rating = { piece, time: new Date().toISOString(), valence, arousal, reading };
    const changed = { ...profile, ratings: [...profile.ratings, rating] };
    this.#store.put(changed);
    return { rating, profile: this.#info(changed) };
  }

  /** Removes the newest rating. @throws UserError `unknown-profile`, `no-ratings`, `not-kept` */
  undo(name: string): ProfileInfo {
    const profile = this.#store.get(name);
    if (profile.ratings.length === 0)
      throw new UserError('no-ratings', `The profile "${name}" has no rating to remove.`);
    const changed = { ...profile, ratings: profile.ratings.slice(0, -1) };
    this.#store.put(changed);
    return this.#info(changed);
  }

  /** Streams that use the profile change to the new fit. @throws UserError `unknown-profile`, `too-few-ratings`, `not-kept` */
  fit(name: string): ProfileInfo {
    const profile = this.#store.get(name);
    const fitted = { ...profile, fit: fitProfile(profile.ratings) };
    this.#store.put(fitted);
    this.#options.streamProfiles.refresh();
    return this.#info(fitted);
  }

  /** @throws UserError `unknown-profile`, `profile-in-use`, `not-kept` */
  remove(name: string): void {
    const [stream] = this.#streamsOf(name);
    if (stream !== undefined) {
      const message = `The stream "${stream}" uses the profile "${name}": choose another profile for it first.`;
      throw new UserError('profile-in-use', message);
    }
    this.#store.remove(name);
  }

  #create(name: string, model: string): Profile {
    const { profiles: limit } = this.#options.limits;
    if (this.#store.names().length < limit) return { version: 1, name, model, ratings: [], fit: null };
    const message = `This server has ${limit} profiles, its limit: remove one first.`;
    throw new UserError('too-many-profiles', message);
  }

  /** The model's own reading at the present step, without the stream's profile. */
  #readingOf(stream: string) {
    const info = this.#options.hub.get(stream);
    const use = this.#options.streamProfiles.use(stream);
    if (!info || !use) throw new UserError('unknown-stream', `There is no running stream "${stream}".`);
    const { valence = null, arousal = null } = info.state === 'running' ? (info.last ?? {}) : {};
    if (valence === null || arousal === null) {
      const message = `The stream "${stream}" plays no music at the moment: rate it while music plays.`;
      throw new UserError('no-reading', message);
    }
    const { model, scale } = use;
    const reading = scale
      ? { valence: unscaled(scale.valence, valence), arousal: unscaled(scale.arousal, arousal) }
      : { valence, arousal };
    return { model, reading };
  }

  #info({ name, model, ratings, fit }: Profile): ProfileInfo {
    return { name, model, ratings: ratings.length, fit, streams: this.#streamsOf(name) };
  }

  #streamsOf(name: string): string[] {
    return this.#options.hub.list().flatMap(({ stream, profile }) => (profile === name ? [stream] : []));
  }
}
