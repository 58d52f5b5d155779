import { KNOWN, type Known } from './known.ts';
import { type Ledger, readLedger } from './ledger.ts';
import type { Measured } from './measure.ts';
import type { Group, Row } from './row.ts';
import { MP4_GROUPS } from './tables/mp4-matroska.ts';
import { MPEG_GROUPS } from './tables/mpeg.ts';
import { OGG_GROUPS } from './tables/ogg.ts';
import { OTHER_GROUPS } from './tables/others.ts';
import { PCM_GROUPS } from './tables/pcm.ts';

/** All tables, with the name of the file that has their deviations. */
export const FAMILIES: Readonly<Record<string, readonly Group[]>> = {
  pcm: PCM_GROUPS,
  mpeg: MPEG_GROUPS,
  ogg: OGG_GROUPS,
  'mp4-matroska': MP4_GROUPS,
  others: OTHER_GROUPS,
};

/** The tables of docs/formats.md, in Markdown. */
export const formatTables = (): string =>
  Object.entries(FAMILIES)
    .flatMap(([name, groups]) => groups.map((group) => groupTable(group, readLedger(name))))
    .join('');

function groupTable(group: Group, ledger: Ledger): string {
  const decoder = group.decoder.startsWith('src/')
    ? `[${group.decoder}](../${group.decoder})`
    : `\`${group.decoder}\``;
  const rows = group.rows.map((row) => rowLine(group, row, ledger[group.title]?.[row.name]));
  return [
    '',
    `### ${group.title}`,
    '',
    ...(group.decoder === 'none' ? [] : [`Decoded by ${decoder}.`, '']),
    '| recording | played | samples | loudness, LU | valence | arousal |',
    '|---|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

function rowLine(group: Group, row: Row, measured: Measured | undefined): string {
  if (!measured) throw new Error(`"${row.name}" has no deviations yet: run npm run docs:formats`);
  const tolerance = row.tolerance ?? group.tolerance;
  const { samples, loudness, valence, arousal } = measured;
  const numbers =
    measured.error === undefined
      ? [
          `${signed(samples)} (±${tolerance.samples})`,
          loudness.toFixed(2),
          valence.toFixed(3),
          arousal.toFixed(3),
        ]
      : ['', '', '', ''];
  return `| ${[row.name, played(KNOWN[`${group.title}: ${row.name}`], measured), ...numbers].join(' | ')} |`;
}

function played(known: Known | undefined, { error }: Measured): string {
  if (known) return `${known.faults ? 'with a fault' : 'yes; but'}: ${known.why}`;
  return error === undefined ? 'yes' : `no: “${error}”`;
}

const signed = (x: number): string => (x > 0 ? `+${x}` : `${x}`.replace('-', '−'));
