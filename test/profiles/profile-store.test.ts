import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fitProfile } from '../../src/profiles/fit-profile.ts';
import type { Profile } from '../../src/profiles/profile.ts';
import { ProfileStore, usableScale } from '../../src/profiles/profile-store.ts';
import { tempFolder } from '../server/support.ts';

const profile: Profile = {
  version: 1,
  name: 'anna',
  model: 'undertone',
  ratings: Array.from({ length: 6 }, (_, i) => ({
    piece: `${i}.ogg`,
    time: '2026-01-01T00:00:00.000Z',
    valence: 0.1 * i,
    arousal: null,
    reading: { valence: 0.05 * i, arousal: 0 },
  })),
  fit: null,
};

describe('profiles in a data directory', () => {
  test('are stored by name, readable by their owner only, and removed', () => {
    const folder = tempFolder();
    const store = new ProfileStore(folder);
    expect(store.names()).toEqual([]);
    const fitted = { ...profile, fit: fitProfile(profile.ratings) };
    store.put(fitted);
    expect(store.names()).toEqual(['anna']);
    expect(store.get('anna')).toEqual(fitted);
    if (process.platform !== 'win32')
      expect(statSync(join(folder, 'profiles', 'anna.json')).mode & 0o077).toBe(0);
    store.remove('anna');
    expect(store.find('anna')).toBeUndefined();
    expect(() => store.remove('anna')).toThrow('There is no profile "anna"');
  });

  test('cannot be used before they are fitted, with another model, or under another name', () => {
    const store = new ProfileStore(tempFolder());
    expect(() => usableScale(store, 'anna', 'undertone')).toThrow(
      'There is no profile "anna": make one with "undertone calibrate".',
    );
    store.put(profile);
    expect(() => usableScale(store, 'anna', 'undertone')).toThrow('is not fitted yet: it has 6 ratings');
    store.put({ ...profile, fit: fitProfile(profile.ratings) });
    expect(usableScale(store, 'anna', 'undertone').arousal).toEqual({ offset: 0, slope: 1 });
    expect(() => usableScale(store, 'anna', 'undertone-lite')).toThrow(
      'was made with the model undertone, not with',
    );
    expect(() => usableScale(store, 'ben', 'undertone')).toThrow(
      'There is no profile "ben": expected one of anna.',
    );
  });

  test('cannot be reached outside the folder', () => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'secret.json'), JSON.stringify(profile));
    mkdirSync(join(folder, 'profiles'));
    expect(new ProfileStore(folder).find('../secret')).toBeUndefined();
  });

  test('that are damaged are one sentence, and can be removed', () => {
    const folder = tempFolder();
    const store = new ProfileStore(folder);
    store.put(profile);
    writeFileSync(join(folder, 'profiles', 'anna.json'), '{"version":1,');
    expect(() => store.get('anna')).toThrow(
      /^The profile .*anna\.json cannot be read: repair or remove it\.$/,
    );
    store.remove('anna');
    expect(store.names()).toEqual([]);
  });
});
