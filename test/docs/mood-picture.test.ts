import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { moodPicture } from '../../docs/img/mood-picture.ts';
import { FRAME_FIELDS } from '../../src/frame-fields.ts';
import { MOODS } from '../../src/mood.ts';

it('the picture shows every mood word at its place; `npm run docs:mood` redraws it', async () => {
  await expect(moodPicture()).toMatchFileSnapshot('../../docs/img/mood.svg');
});

it('docs/mood.md lists every mood word', async () => {
  const text = await readFile(new URL('../../docs/mood.md', import.meta.url), 'utf8');
  for (const mood of MOODS) expect(text).toContain(`| ${mood} |`);
});

it('the description of the field, in OpenAPI and docs/api.md, lists every mood word', () => {
  for (const mood of MOODS) expect(FRAME_FIELDS.mood.about).toContain(`\`${mood}\``);
});
