import { batch, effect, signal } from '@preact/signals';
import type { ProfileInfo } from '../../src/client/index.ts';
import { client, errorMessage } from './client.ts';
import { t } from './i18n.ts';
import { store, stored } from './storage.ts';
import { chosen } from './streams.ts';

const KEY = 'undertone.profile';

/** Name of the profile that ratings go into. */
export const profileName = signal(stored(KEY) ?? 'my-scale');
/** That profile; null until it has a rating. */
export const profile = signal<ProfileInfo | null>(null);
/** Result or error of the last action in one sentence. */
export const ratingStatus = signal('');

effect(() => store(KEY, profileName.value));

export function loadProfile(): Promise<void> {
  return attempt(async () => {
    const name = profileName.peek();
    const found = (await client.profiles.list()).find((one) => one.name === name) ?? null;
    return [found, found?.fit?.summary ?? ''];
  });
}

/** Rates what the chosen stream plays now. */
export function rateNow(valence: number, arousal: number): Promise<void> {
  return attempt(async () => {
    const stream = chosen.peek();
    if (stream === null) return [profile.peek(), t('rating.chooseStream')];
    const { profile: rated } = await client.profiles.rate(profileName.peek(), { stream, valence, arousal });
    return [rated, t('rating.saved')];
  });
}

export const undoRating = () =>
  attempt(async () => [await client.profiles.undo(profileName.peek()), t('rating.removed')]);

export const fitProfile = () =>
  attempt(async () => {
    const fitted = await client.profiles.fit(profileName.peek());
    return [fitted, fitted.fit?.summary ?? ''];
  });

/** Applies the profile to the chosen stream, or no profile. */
export function useProfile(used: boolean): Promise<void> {
  return attempt(async () => {
    const stream = chosen.peek();
    const name = profileName.peek();
    if (stream === null) return [profile.peek(), t('rating.chooseStream')];
    await client.profiles.use(stream, used ? name : null);
    const found = (await client.profiles.list()).find((one) => one.name === name) ?? null;
    return [found, used ? t('rating.onScale', { stream, name }) : t('rating.ownScale', { stream })];
  });
}

async function attempt(work: () => Promise<readonly [ProfileInfo | null, string]>): Promise<void> {
  try {
    const [found, status] = await work();
    batch(() => {
      profile.value = found;
      ratingStatus.value = status;
    });
  } catch (error) {
    ratingStatus.value = errorMessage(error);
  }
}
