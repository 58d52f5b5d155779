import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { moodPicture } from '../../docs/img/mood-picture.ts';
import { MOODS } from '../../src/mood.ts';

it('shows the mood words where they are said; `npm run docs:mood` draws the picture anew', async () => {
  await expect(moodPicture()).toMatchFileSnapshot('../../docs/img/mood.svg');
});

it('tells of every word', async () => {
  const text = await readFile(new URL('../../docs/mood.md', import.meta.url), 'utf8');
  for (const mood of MOODS) expect(text).toContain(`| ${mood} |`);
});
