import { spawnSync } from 'node:child_process';

/** Encoders, and ffmpeg's decoders as the reference. `test/prepare.mjs` installs them where it can. */
const PROGRAMS = ['ffmpeg', 'sox', 'lame', 'twolame', 'oggenc', 'opusenc', 'flac'];

const missing = PROGRAMS.filter((name) => spawnSync(name, ['--version']).error !== undefined);

/** Why the tests of formats are skipped; empty where all programs are installed. */
export const skippedWithout = missing.length > 0 ? `${missing.join(', ')} not installed` : '';
