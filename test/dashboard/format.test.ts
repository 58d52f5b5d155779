import { expect, it } from 'vitest';
import { perceived } from '../../dashboard/state/mood-name.ts';

it('describes how music is perceived, also if that is uncertain', () => {
  expect(perceived('calm')).toBe('the music is perceived as calm');
  expect(perceived('uncertain')).toBe('the mood of the music is uncertain');
});
