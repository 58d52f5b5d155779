import { deam } from './deam.ts';
import { emoMusic } from './emomusic.ts';
import { emotify } from './emotify.ts';
import { needFolder } from './find.ts';
import type { DatasetLayout, MusicSet } from './layout.ts';
import { badData } from './layout.ts';
import { merp } from './merp.ts';
import { pmemo } from './pmemo.ts';
import { undertone } from './undertone.ts';

export const LAYOUTS: readonly DatasetLayout[] = [undertone, deam, emoMusic, pmemo, merp, emotify];

/** Reads labelled music in whichever layout it lies. @throws UserError `bad-data` */
export async function readSet(folder: string): Promise<MusicSet> {
  await needFolder(folder, 'the labelled music');
  for (const layout of LAYOUTS) if (await layout.detect(folder)) return layout.read(folder);
  const marks = LAYOUTS.map(({ name, mark }) => `${mark} (${name})`).join(', ');
  throw badData(
    `the folder ${folder} has none of ${marks}`,
    'name the folder that holds one of them; docs/training.md shows how each should look',
  );
}
