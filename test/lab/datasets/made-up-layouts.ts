import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { SchemaElement } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { encodeWav } from '../../support/wav.ts';

/** File contents by path; a number is a WAV of that many seconds. */
export type Tree = Readonly<Record<string, string | number | Uint8Array>>;

/** Writes the files to a new folder. */
export async function writeTree(tree: Tree): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'undertone-layout-'));
  for (const [path, content] of Object.entries(tree)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), typeof content === 'number' ? wav(content) : content);
  }
  return folder;
}

function wav(seconds: number): Buffer {
  const samples = Float32Array.from({ length: 8000 * seconds }, (_, i) => 0.3 * Math.sin(i / 5));
  return encodeWav(samples, { sampleRateHz: 8000, channels: 1, encoding: 's16' });
}

const DYNAMIC = 'annotations/annotations averaged per song/dynamic (per second annotations)';

/** The three archives in one folder. Rows 1001 and 2001 have more fields than their headers; song 5 has no audio. */
export const DEAM: Tree = {
  'MEMD_audio/2.wav': 1,
  'MEMD_audio/1001.wav': 1,
  'MEMD_audio/2001.wav': 1,
  [`${DYNAMIC}/arousal.csv`]:
    'song_id,sample_15000ms,sample_15500ms,sample_16000ms\n2,-0.1,-0.2,\n5,0,0,0\n1001,0.5,0.6,0.7\n2001,0.3,0.3,0.3\n',
  [`${DYNAMIC}/valence.csv`]:
    'song_id,sample_15000ms,sample_15500ms,sample_16000ms\n2,0.1,0.2,\n5,0,0,0\n1001,-0.5,-0.6,-0.7\n2001,0,0.1,0.2\n',
  'metadata/metadata_2013.csv':
    'song_id,file_name,Artist,Song title,start of the segment (min.sec),end of the segment (min.sec),Genre\r\n2,2.mp3,"The New Mystikal Troubadours\t","Tonight, A Lonely Century\t",1.2,2.05,Blues\t\r\n5,5.mp3,Somebody,Song,0,0.45,Rock\r\n',
  'metadata/metadata_2014.csv':
    'Id,Artist,Album,Track,Genre,segment start,segment end,last.fm labels\n1001,Someone Else,Album,Track,Pop,00:10,00:55,sad,slow,indie\n',
  'metadata/metadata_2015.csv':
    'id,Filename,title,artist,album,genre\n2001,2001.mp3,Third,The Third,,Jazz,Fusion\n',
};

export const EMO_MUSIC: Tree = {
  'clips_45seconds/2.wav': 1,
  'clips_45seconds/7.wav': 1,
  'annotations/arousal_cont_average.csv': 'song_id,sample_15000ms,sample_15500ms\n2,-0.15,-0.25\n7,0.4,0.5\n',
  'annotations/valence_cont_average.csv': 'song_id,sample_15000ms,sample_15500ms\n2,0.15,0.25\n7,-0.4,-0.5\n',
  'annotations/arousal_cont_std.csv': 'song_id,sample_15000ms,sample_15500ms\n2,0.3,0.31\n7,0.2,0.21\n',
  'annotations/valence_cont_std.csv': 'song_id,sample_15000ms,sample_15500ms\n2,0.4,0.41\n7,0.1,0.11\n',
  'annotations/songs_info.csv':
    'song_id,file_name,Artist,Song title,start of the segment (min.sec),end of the segment (min.sec),Genre,Mediaeval 2013 set\n2,2.mp3,The New Mystikal Troubadours\t,"Tonight, A Lonely Century",1.2,2.05,Blues,development\n7,7.mp3,Kevin MacLeod,Slow,0,0.45,Rock,evaluation\n',
};

export const PMEMO: Tree = {
  'PMEmo2019/chorus/1.wav': 1,
  'PMEmo2019/chorus/4.wav': 1,
  'PMEmo2019/metadata.csv':
    'musicId,fileName,title,artist,album,duration,chorus_start_time,chorus_end_time\n1,1.mp3,"Good, Thing",Someone Else,A,30.5,00:10,00:40\n4,4.mp3,Else,Björk,B,20.1,00:00,00:20\n9,9.mp3,Gone,Nobody,C,20.1,00:00,00:20\n',
  'PMEmo2019/annotations/dynamic_annotations.csv':
    'musicId,frameTime,Arousal(mean),Valence(mean)\n1,15.0,0.75,0.5\n1,15.5,1,0\n4,15.0,0.25,0.4\n',
  'PMEmo2019/annotations/dynamic_annotations_std.csv':
    'musicId,frameTime,Arousal(std),Valence(std)\n1,15.0,0.1,0.2\n1,15.5,0.1,0.2\n4,15.0,0.1,0.2\n',
};

/** 2 s of ratings, ten per second: rater A uses half the scale, B all of it, C is inactive, D breaks off. */
export function merp(file: 'annotations_raw.parquet' | 'annotations_filtered.parquet'): Tree {
  const ramp = (from: number, to: number, n = 20) =>
    Array.from({ length: n }, (_, i) => from + ((to - from) * i) / (n - 1));
  const songs = ['00_35', '00_35', '00_35', 'deam_115', '10_2'];
  const raters = ['A', 'B', 'D', 'B', 'C'];
  const valence = [ramp(-0.5, 0.5), ramp(-1, 1), ramp(0, 0.1, 7), ramp(-1, 1), Array(1300).fill(0)];
  const arousal = [ramp(0.5, -0.5), ramp(1, -1), ramp(0, 0.1, 7), ramp(1, -1), Array(1300).fill(0)];
  const bytes = parquetWriteBuffer({
    columnData: [
      { name: 'song_id', data: songs },
      { name: 'rater_id', data: raters },
      { name: 'valence', data: valence },
      { name: 'arousal', data: arousal },
    ],
    schema: [
      { name: 'root', num_children: 4 },
      { name: 'song_id', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
      { name: 'rater_id', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
      ...['valence', 'arousal'].flatMap((name): SchemaElement[] => [
        { name, repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST' },
        { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
        { name: 'element', type: 'DOUBLE', repetition_type: 'OPTIONAL' },
      ]),
    ],
  });
  return {
    'audio/00_35.wav': 2,
    'audio/deam_115.wav': 2,
    'audio/10_2.wav': 2,
    [file]: new Uint8Array(bytes),
  };
}

export const EMOTIFY: Tree = {
  'emotifymusic/classical/1.wav': 1,
  'emotifymusic/rock/100.wav': 1,
  'data.csv':
    'track id, genre, amazement, solemnity, tenderness, nostalgia, calmness, power, joyful_activation, tension, sadness, mood, liked, disliked, age, gender, mother tongue\n1,classical,0,1,0,0,1,0,0,0,0,3,1,0,21,1,English\n1,classical,0,0,0,0,1,0,0,0,0,3,1,0,22,0,English\n400,rock,0,0,0,0,0,1,0,1,0,3,1,0,22,0,Dutch\n',
};

/** Copies of a tree without some of its files. */
export function without(tree: Tree, ...paths: readonly string[]): Tree {
  return Object.fromEntries(
    Object.entries(tree).filter(([path]) => !paths.some((start) => path.startsWith(start))),
  );
}
