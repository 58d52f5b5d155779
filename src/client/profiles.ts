import type { Profile } from '../profiles/profile.ts';
import type { AddedRating, NewRating, ProfileInfo } from '../server/profiles/schema.ts';
import type { StreamInfo } from '../types.ts';
import { type Address, request, requestJson } from './request.ts';

/** The part of the client for profiles and their ratings. */
export function profilesOf(address: Address) {
  const at = (name: string, rest = '') => `v1/profiles/${encodeURIComponent(name)}${rest}`;
  return {
    async list(): Promise<ProfileInfo[]> {
      return (await requestJson<{ profiles: ProfileInfo[] }>(address, 'GET', 'v1/profiles')).profiles;
    },
    /** A profile with its ratings. @throws ApiError `unknown-profile` */
    get: (name: string) => requestJson<Profile>(address, 'GET', at(name)),
    /** Rates what a stream plays now; the first rating creates the profile. @throws ApiError `no-reading`, `profile-model` */
    rate: (name: string, rating: NewRating) =>
      requestJson<AddedRating>(address, 'POST', at(name, '/ratings'), { body: rating }),
    /** Removes the newest rating. */
    undo: (name: string) => requestJson<ProfileInfo>(address, 'DELETE', at(name, '/ratings/newest')),
    /** Fits the profile to its ratings. @throws ApiError `too-few-ratings` */
    fit: (name: string) => requestJson<ProfileInfo>(address, 'POST', at(name, '/fit')),
    async remove(name: string): Promise<void> {
      await request(address, 'DELETE', at(name));
    },
    /** Chooses the profile of a stream; null: none. */
    use: (stream: string, profile: string | null) =>
      requestJson<StreamInfo>(address, 'PUT', `v1/streams/${encodeURIComponent(stream)}/profile`, {
        body: { profile },
      }),
  };
}
