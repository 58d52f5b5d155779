import type { Loss } from './damage.ts';
import type { Fault } from './row.ts';

/** What is wrong at present: exactly these faults are found, no others. */
export interface Known {
  /** Of the whole file. */
  readonly faults?: readonly Fault[];
  /** Of the file that was cut or damaged. */
  readonly losses?: readonly Loss['kind'][];
  /** For users: what they notice. */
  readonly why: string;
}

const DAMAGE = 'after damage less may be played, and nothing reports it';

/** By `GROUP: ROW`. A row leaves this list together with its fault. */
export const KNOWN: Readonly<Record<string, Known>> = {
  'AAC (ADTS): HE-AAC v2, 44.1 kHz, 32 kbit/s': {
    faults: ['loudness', 'valence', 'gaps'],
    why: 'one channel instead of two, and bursts of the decoder become gaps',
  },
  'WebM and Matroska: WebM, Opus, to a pipe': { losses: ['flip'], why: DAMAGE },
  'WebM and Matroska: WebM with a VP8 film, Opus': { losses: ['flip'], why: DAMAGE },
  'WMA: WMA 2, 44.1 kHz, stereo': { losses: ['flip'], why: DAMAGE },
  'WavPack: one WavPack after the other, another rate': {
    faults: ['samples', 'steps', 'loudness', 'valence', 'arousal', 'gaps'],
    why: 'the second is played at the rate of the first',
  },
  'AC-3, E-AC-3 and DTS: AC-3, a new song in mono': {
    faults: ['loudness'],
    why: 'loudness is off by 0.5 LU in the step of the change',
  },
  'Other containers: AVI, MP3': { losses: ['flip'], why: DAMAGE },
};
