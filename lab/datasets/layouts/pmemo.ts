import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findFirst, listAudio, requireFirst } from '../files.ts';
import { assemble, type DatasetLayout, type Timeline } from '../layout.ts';
import { idOf, type PublishedRow, readPublishedCsv } from '../published-csv.ts';
import type { Label, Song } from '../song.ts';
import { checkedLabel, labelSds } from '../timelines.ts';

const MARK = 'annotations/dynamic_annotations.csv';
const ROOTS = ['', 'PMEmo2019', 'PMEmo2019/PMEmo2019'];
const REMEDY = 'get PMEmo2019 from https://github.com/HuiZhangDB/PMEmo and unpack it there';
const MEANS = { valence: 'valence(mean)', arousal: 'arousal(mean)' };
const SDS = { valence: 'valence(std)', arousal: 'arousal(std)' };

/**
 * PMEmo (Zhang et al. 2018), 794 choruses of pop songs: labels in [0, 1] every 500 ms from 15 s of the chorus on,
 * rescaled to 2x − 1; their standard deviation doubles. Ids get the prefix `pmemo-`.
 */
export const pmemo: DatasetLayout = {
  name: 'PMEmo',
  mark: MARK,
  async detect(folder) {
    return (
      findFirst(
        folder,
        ROOTS.map((root) => join(root, MARK)),
      ) !== undefined
    );
  },

  async read(folder) {
    const root = dirname(
      dirname(
        requireFirst(
          folder,
          ROOTS.map((place) => join(place, MARK)),
          'PMEmo',
          REMEDY,
        ),
      ),
    );
    const files = await listAudio(requireFirst(root, ['chorus'], 'PMEmo', REMEDY));
    const metadata = await readPublishedCsv(requireFirst(root, ['metadata.csv'], 'PMEmo', REMEDY), [
      'musicid',
    ]);
    const songs = new Map(metadata.map((row): [string, Song] => [nameOf(row('musicid')), songOf(row)]));
    const audio = new Map([...files].map(([stem, path]) => [nameOf(stem), path]));
    const timelines = await readTimelines(root);
    return assemble({ layout: 'PMEmo', folder, songs, audio, timelines, remedy: REMEDY });
  },
};

function songOf(row: PublishedRow): Song {
  const id = nameOf(row('musicid'));
  const title = row('title');
  return { id, artist: row('artist') || row('artists') || id, ...(title ? { title } : {}) };
}

async function readTimelines(root: string): Promise<Map<string, Timeline>> {
  const means = await readPublishedCsv(join(root, MARK), [
    'musicid',
    'frametime',
    MEANS.valence,
    MEANS.arousal,
  ]);
  const sdPath = join(root, 'annotations/dynamic_annotations_std.csv');
  const sdRows = existsSync(sdPath) ? await readPublishedCsv(sdPath, ['musicid', 'frametime']) : [];
  const spread = new Map(sdRows.map((row) => [placeOf(row), row]));
  const timelines = new Map<string, Map<number, Label>>();
  for (const row of means) {
    const id = nameOf(row('musicid'));
    const timeline = timelines.get(id) ?? new Map<number, Label>();
    timelines.set(id, timeline);
    const sd = spread.get(placeOf(row));
    const label = {
      valence: 2 * Number(row(MEANS.valence)) - 1,
      arousal: 2 * Number(row(MEANS.arousal)) - 1,
      ...labelSds(doubled(sd?.(SDS.valence)), doubled(sd?.(SDS.arousal))),
    };
    timeline.set(1000 * Number(row('frametime')), checkedLabel(label, id, 'PMEmo'));
  }
  return timelines;
}

function doubled(sd: string | undefined): number | undefined {
  return sd ? 2 * Number(sd) : undefined;
}

function placeOf(row: PublishedRow): string {
  return `${idOf(row('musicid'))}/${Number(row('frametime'))}`;
}

function nameOf(id: string): string {
  return `pmemo-${idOf(id)}`;
}
