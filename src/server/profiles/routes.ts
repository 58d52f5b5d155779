import { profileName } from '../../profiles/profile.ts';
import { Problem } from '../http/problem.ts';
import { type App, json, jsonBody, route } from '../http/route.ts';
import type { Hub } from '../streams/hub.ts';
import { streamInfo, streamParam } from '../streams/schema.ts';
import type { StreamManager } from '../streams/stream-manager.ts';
import type { Profiles } from './profiles.ts';
import {
  addedRating,
  newRating,
  profileInfo,
  profileList,
  profileParam,
  profileSchema,
  streamProfile,
} from './schema.ts';

export interface ProfileServices {
  readonly profiles: Profiles;
  readonly hub: Hub;
  readonly manager: StreamManager;
}

const tags = ['Profiles'];

/** Ratings are records about people: the scope `watch` is not enough to read them. */
const listProfiles = route('manage', {
  method: 'get',
  path: '/v1/profiles',
  tags,
  summary: 'List profiles',
  responses: { 200: json(profileList, 'The profiles.') },
});

const getProfile = route('manage', {
  method: 'get',
  path: '/v1/profiles/{name}',
  tags,
  summary: 'Get a profile with its ratings',
  request: { params: profileParam },
  responses: { 200: json(profileSchema, 'The profile.') },
});

const removeProfile = route('manage', {
  method: 'delete',
  path: '/v1/profiles/{name}',
  tags,
  summary: 'Remove a profile that no stream uses, with its ratings',
  request: { params: profileParam },
  responses: { 204: { description: 'Removed.' } },
});

const addRating = route('manage', {
  method: 'post',
  path: '/v1/profiles/{name}/ratings',
  tags,
  summary: 'Rate what a stream plays now; the first rating creates the profile',
  description:
    'The rating is stored with the reading of the present step, as the model gives it without a profile.',
  request: { params: profileParam, ...jsonBody(newRating) },
  responses: { 201: json(addedRating, 'The rating.') },
});

const removeRating = route('manage', {
  method: 'delete',
  path: '/v1/profiles/{name}/ratings/newest',
  tags,
  summary: 'Remove the newest rating of a profile',
  request: { params: profileParam },
  responses: { 200: json(profileInfo, 'The changed profile.') },
});

const fit = route('manage', {
  method: 'post',
  path: '/v1/profiles/{name}/fit',
  tags,
  summary: 'Fit a profile to its ratings; streams that use it change to the new fit',
  request: { params: profileParam },
  responses: {
    200: json(profileInfo, 'The profile; `fit` has the error before and after, by leave-one-out.'),
  },
});

const setProfile = route('manage', {
  method: 'put',
  path: '/v1/streams/{name}/profile',
  tags,
  summary: 'Choose the profile of a stream, from the next step on',
  description: 'Replaces the profile of the configuration, also after a restart.',
  request: { params: streamParam, ...jsonBody(streamProfile) },
  responses: { 200: json(streamInfo, 'The stream.') },
});

export function profileRoutes(app: App, { profiles, hub, manager }: ProfileServices): void {
  app.openapi(listProfiles, (c) => c.json({ profiles: profiles.list() }, 200));
  app.openapi(getProfile, (c) => c.json(profiles.get(c.req.valid('param').name), 200));
  app.openapi(removeProfile, (c) => {
    profiles.remove(c.req.valid('param').name);
    return c.body(null, 204);
  });
  app.openapi(addRating, (c) => {
    const { name } = c.req.valid('param');
    if (!profileName.safeParse(name).success)
      throw new Problem(
        400,
        'bad-request',
        'The request is invalid: the name of a profile has 1 to 64 of a-z, 0-9, ".", "_" and "-", beginning with a letter or digit.',
      );
    return c.json(profiles.rate(name, c.req.valid('json')), 201);
  });
  app.openapi(removeRating, (c) => c.json(profiles.undo(c.req.valid('param').name), 200));
  app.openapi(fit, (c) => c.json(profiles.fit(c.req.valid('param').name), 200));
  app.openapi(setProfile, (c) => {
    const { name } = c.req.valid('param');
    if (!hub.get(name)) throw new Problem(404, 'unknown-stream', `There is no running stream "${name}".`);
    manager.setProfile(name, c.req.valid('json').profile);
    return c.json(hub.get(name)!, 200);
  });
}
