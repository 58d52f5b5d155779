import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../user-error.ts';
import { readTextSync } from '../util/text.ts';
import { writeAtomicSync } from '../util/write-atomic.ts';
import { type Profile, profileName, profileSchema, type Scale, scaleOf } from './profile.ts';

/** Folder of the profiles in a data directory. */
const PROFILES_FOLDER = 'profiles';

const EXTENSION = '.json';

/** The profiles of a data directory: one JSON file each, which only its owner may read. */
export class ProfileStore {
  readonly #folder: string;

  constructor(dataDir: string) {
    this.#folder = join(dataDir, PROFILES_FOLDER);
  }

  /** Names of all profiles, sorted. */
  names(): string[] {
    try {
      return readdirSync(this.#folder)
        .filter((file) => file.endsWith(EXTENSION))
        .map((file) => file.slice(0, -EXTENSION.length))
        .filter((name) => profileName.safeParse(name).success)
        .sort();
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw new UserError('data-dir', `${this.#folder} cannot be read: allow this user to read it.`, {
        cause,
      });
    }
  }

  /** @throws UserError `bad-profile` if its file is damaged */
  find(name: string): Profile | undefined {
    if (!profileName.safeParse(name).success) return undefined;
    const file = this.#file(name);
    try {
      return profileSchema.parse(JSON.parse(readTextSync(file)));
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw new UserError('bad-profile', `The profile ${file} cannot be read: repair or remove it.`, {
        cause,
      });
    }
  }

  /** @throws UserError `unknown-profile`, `bad-profile` */
  get(name: string): Profile {
    const profile = this.find(name);
    if (profile) return profile;
    throw this.#unknown(name);
  }

  /** @throws UserError `not-kept` */
  put(profile: Profile): void {
    try {
      mkdirSync(this.#folder, { recursive: true });
      writeAtomicSync(this.#file(profile.name), `${JSON.stringify(profile, undefined, 2)}\n`, {
        mode: 0o600,
      });
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      const sentence = `The profile cannot be stored (${code}): check that the data directory is writable and has free space.`;
      throw new UserError('not-kept', sentence, { cause });
    }
  }

  /** @throws UserError `unknown-profile`, `not-kept` */
  remove(name: string): void {
    if (!this.names().includes(name)) throw this.#unknown(name);
    try {
      rmSync(this.#file(name), { force: true });
    } catch (cause) {
      throw new UserError('not-kept', `The profile "${name}" cannot be removed: check the data directory.`, {
        cause,
      });
    }
  }

  #unknown(name: string): UserError {
    const names = this.names();
    const expected =
      names.length > 0 ? `expected one of ${names.join(', ')}` : 'make one with "undertone calibrate"';
    return new UserError('unknown-profile', `There is no profile "${name}": ${expected}.`);
  }

  #file(name: string): string {
    return join(this.#folder, `${name}${EXTENSION}`);
  }
}

/**
 * The scale of a profile, for a stream with this model.
 *
 * @throws UserError `unknown-profile`, `bad-profile`, `profile-not-fitted`, `profile-model`
 */
export function usableScale(store: ProfileStore, name: string, model: string): Scale {
  const profile = store.get(name);
  const scale = scaleOf(profile);
  if (!scale) {
    const message = `The profile "${name}" is not fitted yet: it has ${profile.ratings.length} ratings; fit it first.`;
    throw new UserError('profile-not-fitted', message);
  }
  checkModel(profile, model);
  return scale;
}

/** Readings of two models differ, so ratings of one do not apply to the other. @throws UserError `profile-model` */
export function checkModel(profile: Pick<Profile, 'name' | 'model'>, model: string): void {
  if (profile.model === model) return;
  throw new UserError(
    'profile-model',
    `The profile "${profile.name}" was made with the model ${profile.model}, not with ${model}: use that model, or another profile.`,
  );
}
