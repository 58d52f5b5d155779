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

/** By `GROUP: ROW`. A row leaves this list together with its fault. */
export const KNOWN: Readonly<Record<string, Known>> = {
  'MP3 and MP2: free format, 400 kbit/s': {
    faults: ['samples', 'steps', 'gaps'],
    why: 'free format is not decoded',
  },
  'MP3 and MP2: ID3v2 that is longer than its size says': {
    faults: ['error', 'samples', 'steps'],
    why: 'it is refused, because sound is expected at the first byte',
  },
  'MP3 and MP2: APEv2 at the start': {
    faults: ['error', 'samples', 'steps'],
    why: 'it is refused, because sound is expected at the first byte',
  },
  'MP3 and MP2: 500 zeros first': {
    faults: ['error', 'samples', 'steps'],
    why: 'it is refused, because sound is expected at the first byte',
  },
  'MP3 and MP2: begins within a frame': {
    faults: ['error', 'samples', 'steps'],
    why: 'it is refused, because sound is expected at the first byte',
  },
  'MP3 and MP2: a new song in mono': {
    faults: ['steps', 'loudness', 'gaps'],
    why: 'the second recording is not decoded rightly',
  },
  'MP3 and MP2: both channels equal, then stereo': {
    faults: ['loudness'],
    why: 'the stereo part is taken for mono, so the loudness is too low',
  },
  'MP3 and MP2: silence first': {
    faults: ['loudness'],
    why: 'the stereo part is taken for mono, so the loudness is too low',
  },
  'AAC (ADTS): AAC-LC, 48 kHz, mono': {
    losses: ['flip'],
    why: 'time that is lost to damage is not reported',
  },
  'AAC (ADTS): AAC-LC, 22.05 kHz, stereo': {
    losses: ['flip'],
    why: 'time that is lost to damage is not reported',
  },
  'AAC (ADTS): AAC-LC, 8 kHz, mono': { losses: ['flip'], why: 'time that is lost to damage is not reported' },
  'AAC (ADTS): AAC-LC, 96 kHz, stereo': {
    losses: ['flip'],
    why: 'time that is lost to damage is not reported',
  },
  'AAC (ADTS): AAC-LC, 48 kHz, 5.1': { losses: ['flip'], why: 'time that is lost to damage is not reported' },
  'AAC (ADTS): HE-AAC v2, 44.1 kHz, 32 kbit/s': {
    faults: ['loudness', 'gaps'],
    losses: ['flip'],
    why: 'one channel instead of two; bursts of the decoder are replaced by silence; time that is lost to damage is not reported',
  },
  'AAC (ADTS): ID3v2 first': { losses: ['flip'], why: 'time that is lost to damage is not reported' },
  'AAC (ADTS): begins within a frame': {
    faults: ['error', 'samples', 'steps'],
    why: 'it is refused, because sound is expected at the first byte',
  },
  'AAC (ADTS): a new song in mono': {
    faults: ['samples', 'steps', 'gaps'],
    losses: ['flip'],
    why: 'the second recording is not decoded rightly',
  },
  'AAC (ADTS): a new song at 32 kHz': {
    faults: ['samples', 'steps', 'gaps'],
    losses: ['flip'],
    why: 'the second recording is not decoded rightly',
  },
  'AAC (ADTS): a new song at 48 kHz': {
    faults: ['samples', 'steps', 'loudness', 'valence', 'arousal', 'gaps'],
    losses: ['flip'],
    why: 'the second recording is not decoded rightly',
  },
  'AAC (ADTS): both channels equal, then stereo': {
    losses: ['flip'],
    why: 'time that is lost to damage is not reported',
  },
  'AAC (ADTS): silence first': { losses: ['flip'], why: 'time that is lost to damage is not reported' },
  'FLAC: Ogg FLAC, 44.1 kHz, stereo': { losses: ['cut'], why: 'a file that was cut is not always reported' },
  'FLAC: Ogg FLAC, a new song at another rate': {
    losses: ['cut'],
    why: 'a file that was cut is not always reported',
  },
  'Ogg Vorbis: a new song at another quality': {
    faults: ['loudness', 'valence', 'arousal', 'gaps'],
    losses: ['cut'],
    why: 'the second recording is not decoded rightly',
  },
  'Ogg Vorbis: a new song at 48 kHz': {
    faults: ['samples', 'steps', 'loudness', 'arousal', 'gaps'],
    why: 'the second recording is not decoded rightly',
  },
  'Ogg Vorbis: a new song at 22.05 kHz in mono': {
    faults: ['samples', 'loudness', 'valence', 'gaps'],
    losses: ['cut'],
    why: 'the second recording is not decoded rightly',
  },
  'Ogg Vorbis: a new song in Opus': {
    faults: ['error', 'samples', 'steps', 'gaps'],
    why: 'the second recording is not decoded rightly',
  },
  'Opus: mono, 24 kbit/s, from 16 kHz': {
    losses: ['cut', 'flip'],
    why: 'cuts and damage are not always reported',
  },
  'Opus: 5.1, 256 kbit/s': { losses: ['flip'], why: 'time that is lost to damage is not reported' },
  'Opus: packets of 60 ms': { losses: ['flip'], why: 'time that is lost to damage is not reported' },
  'Opus: a new song in stereo after mono': {
    faults: ['steps', 'loudness', 'gaps'],
    why: 'the second recording is not decoded rightly',
  },
  'Opus: a new song in mono after stereo': {
    faults: ['steps', 'loudness', 'gaps'],
    why: 'the second recording is not decoded rightly',
  },
  'Opus: a new song in Vorbis': {
    faults: ['error', 'samples', 'steps', 'gaps'],
    why: 'the second recording is not decoded rightly',
  },
  'Opus: both channels equal, then stereo': {
    losses: ['cut', 'flip'],
    why: 'cuts and damage are not always reported',
  },
  'MP4, M4A and MOV: AAC-LC, index first': {
    losses: ['flip'],
    why: 'time that is lost to damage is not reported',
  },
  'MP4, M4A and MOV: AAC-LC, fragmented': {
    losses: ['flip'],
    why: 'time that is lost to damage is not reported',
  },
  'MP4, M4A and MOV: ALAC, both channels equal, then stereo': {
    faults: ['loudness'],
    why: 'the stereo part is taken for mono, so the loudness is too low',
  },
  'WebM and Matroska: Matroska, FLAC, both channels equal, then stereo': {
    faults: ['loudness'],
    why: 'the stereo part is taken for mono, so the loudness is too low',
  },
  'MP4, M4A and MOV: PCM in MOV, silence first': {
    faults: ['loudness'],
    why: 'the stereo part is taken for mono, so the loudness is too low',
  },
  'MP4, M4A and MOV: one M4A after the other, in mono': {
    faults: ['samples', 'steps', 'gaps'],
    why: 'the second recording is not decoded rightly',
  },
  'MP4, M4A and MOV: fragmented, a second index at another rate': {
    faults: ['samples', 'steps', 'gaps'],
    why: 'the second recording is not decoded rightly',
  },
  'WebM and Matroska: WebM, Opus, to a pipe': {
    losses: ['flip'],
    why: 'time that is lost to damage is not reported',
  },
  'WebM and Matroska: WebM with a VP8 film, Opus': {
    losses: ['flip'],
    why: 'time that is lost to damage is not reported',
  },
  'WebM and Matroska: WebM, a new song in Vorbis of another quality': {
    faults: ['loudness', 'valence', 'arousal', 'gaps'],
    why: 'the second recording is not decoded rightly',
  },
  'WebM and Matroska: WebM, a new song in Opus after Vorbis': {
    faults: ['samples', 'steps', 'loudness', 'gaps'],
    why: 'the second recording is not decoded rightly',
  },
  'WMA: both channels equal, then stereo': {
    faults: ['loudness'],
    why: 'the stereo part is taken for mono, so the loudness is too low',
  },
  'WavPack: one WavPack after the other, another rate': {
    faults: ['samples', 'steps', 'loudness', 'valence', 'arousal', 'gaps'],
    why: 'the second recording is not decoded rightly',
  },
  'AC-3, E-AC-3 and DTS: AC-3, a new song in mono': {
    faults: ['steps', 'loudness', 'gaps'],
    why: 'the second recording is not decoded rightly',
  },
  'AC-3, E-AC-3 and DTS: E-AC-3, 48 kHz, stereo': {
    losses: ['flip'],
    why: 'time that is lost to damage is not reported',
  },
};
