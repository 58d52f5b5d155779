import { CHARACTERS, type Character, type DrumHit, type Mood } from './character.ts';
import { createRandom, pick, type Random, shuffled } from './random.ts';
import type { Timbre } from './timbre.ts';

interface Event {
  /** Seconds since the piece began. */
  readonly at: number;
  readonly gain: number;
  /** -1 left … 1 right. */
  readonly pan: number;
}

export interface NoteEvent extends Event {
  readonly kind: 'note';
  readonly midi: number;
  readonly seconds: number;
  readonly timbre: Timbre;
  /** Seconds to rise. Default: that of the timbre. */
  readonly attack?: number;
}

export interface DrumEvent extends Event {
  readonly kind: 'drum';
  readonly hit: DrumHit;
}

export interface Bar {
  readonly mood: Mood;
  readonly start: number;
  readonly seconds: number;
  readonly reverb: number;
  /** In time order. */
  readonly events: readonly (NoteEvent | DrumEvent)[];
}

const MIN_PASSAGE_SECONDS = 30;
const MAX_PASSAGE_SECONDS = 45;

/** Composes an endless piece bar by bar: passages of 30 to 45 s, each round with all four moods in random order. */
export function* score(seed: number): Generator<Bar, never, undefined> {
  const random = createRandom(seed);
  let start = 0;
  let last: Mood | undefined;
  for (;;) {
    // No mood follows itself from one round to the next.
    let round = shuffled(random, Object.keys(CHARACTERS) as Mood[]);
    while (round[0] === last) round = shuffled(random, round);
    for (const mood of round) {
      for (const bar of passage(mood, start, random)) {
        yield bar;
        start = bar.start + bar.seconds;
      }
    }
    last = round.at(-1);
  }
}

function* passage(mood: Mood, from: number, random: Random): Generator<Bar> {
  const character = CHARACTERS[mood];
  const beat = 60 / character.beatsPerMinute;
  const seconds = beat * character.beatsPerBar;
  const wanted = MIN_PASSAGE_SECONDS + random() * (MAX_PASSAGE_SECONDS - MIN_PASSAGE_SECONDS);
  const bars = Math.ceil(MIN_PASSAGE_SECONDS / seconds - 1e-9);
  const count = Math.max(bars, Math.floor(wanted / seconds));
  const transpose = Math.floor(random() * 5) - 2;
  const root = character.root + transpose;
  let line = pick(random, character.progressions);
  // The melody continues from bar to bar; in steps of the scale.
  let step = Math.floor(random() * character.scale.length);
  for (let i = 0; i < count; i++) {
    if (i > 0 && i % line.length === 0) line = pick(random, character.progressions);
    const chordRoot = line[i % line.length]!;
    const start = from + i * seconds;
    const bar = { character, root, chordRoot, start, beat, random };
    const melody = melodyOf(bar, step);
    step = melody.step;
    const events = [...padOf(bar), ...bassOf(bar), ...drumsOf(bar), ...melody.notes]
      .map((event) => ({ ...event, gain: character.level * event.gain }))
      .sort((a, b) => a.at - b.at);
    yield { mood, start, seconds, reverb: character.reverb, events };
  }
}

interface BarPlan {
  readonly character: Character;
  readonly root: number;
  readonly chordRoot: number;
  readonly start: number;
  readonly beat: number;
  readonly random: Random;
}

function padOf({ character, root, chordRoot, start, beat }: BarPlan): NoteEvent[] {
  const { pad, chord, clash, scale, beatsPerBar } = character;
  const inScale = chord.map((step) => midiOf(scale, root + 12, chordRoot + step));
  const against = clash.map((semitones) => midiOf(scale, root + 24, chordRoot) + semitones);
  return [...inScale, ...against].map((midi, i, all) => ({
    kind: 'note',
    at: start,
    midi,
    seconds: beat * beatsPerBar,
    timbre: pad.timbre,
    attack: pad.attack,
    gain: pad.gain,
    pan: all.length > 1 ? (1.2 * i) / (all.length - 1) - 0.6 : 0,
  }));
}

function bassOf({ character, root, chordRoot, start, beat }: BarPlan): NoteEvent[] {
  const { bass, scale, beatsPerBar } = character;
  const midi = midiOf(scale, root, chordRoot);
  return bass.beats.map((place, i) => {
    const next = bass.beats[i + 1] ?? beatsPerBar;
    // Busy lines move up an octave now and then.
    const lift = bass.beats.length > 2 && i % 3 === 2 ? 12 : 0;
    const seconds = 0.9 * beat * (next - place);
    return {
      kind: 'note',
      at: start + place * beat,
      midi: midi + lift,
      seconds,
      timbre: bass.timbre,
      gain: bass.gain,
      pan: 0,
    };
  });
}

function drumsOf({ character, start, beat, random }: BarPlan): DrumEvent[] {
  const hits = Object.entries(character.drums ?? {}) as [DrumHit, readonly number[]][];
  return hits.flatMap(([hit, places]) =>
    places.map((place) => {
      const accent = place % 4 === 0 ? 1 : 0.65;
      const gain = accent * (0.85 + 0.3 * random());
      return {
        kind: 'drum' as const,
        hit,
        at: start + (place * beat) / 4,
        gain,
        pan: hit === 'hat' ? 0.3 : 0,
      };
    }),
  );
}

function melodyOf(plan: BarPlan, from: number): { readonly notes: NoteEvent[]; readonly step: number } {
  const { character, root, chordRoot, start, beat, random } = plan;
  const { melody, scale, chord, beatsPerBar } = character;
  const notes: NoteEvent[] = [];
  let step = from;
  for (let place = 0; place < beatsPerBar - 1e-9; ) {
    const length = Math.min(pick(random, melody.lengths), beatsPerBar - place);
    const direction = random() * 2 - 1 + melody.lean > 0 ? 1 : -1;
    step = keepWithin(step + direction * (random() < 0.75 ? 1 : 2), scale.length);
    // A note of the chord on strong beats.
    if (Number.isInteger(place) && place % 2 === 0) step = nearest(step, chordRoot, chord, scale.length);
    if (random() >= melody.rests) {
      notes.push({
        kind: 'note',
        at: start + place * beat,
        midi: midiOf(scale, root + 12 * melody.octave, step),
        seconds: melody.legato * length * beat,
        timbre: melody.timbre,
        gain: melody.gain * (0.8 + 0.4 * random()),
        pan: 0.25 * Math.sin(step),
      });
    }
    place += length;
  }
  return { notes, step };
}

/** Keeps a melody between half an octave below and one and a half octaves above the root. */
function keepWithin(step: number, octave: number): number {
  const low = -Math.floor(octave / 2);
  const high = octave + Math.floor(octave / 2);
  if (step < low) return step + octave;
  return step > high ? step - octave : step;
}

/** The note of the chord nearest to a step, in any octave. */
function nearest(step: number, chordRoot: number, chord: readonly number[], octave: number): number {
  let best = step;
  let distance = Number.POSITIVE_INFINITY;
  for (const tone of chord) {
    for (const shift of [-2, -1, 0, 1, 2]) {
      const candidate = chordRoot + tone + shift * octave;
      if (Math.abs(candidate - step) < distance) {
        best = candidate;
        distance = Math.abs(candidate - step);
      }
    }
  }
  return keepWithin(best, octave);
}

/** Step 0 is the root, one octave is `scale.length` steps. */
function midiOf(scale: readonly number[], root: number, step: number): number {
  const octave = Math.floor(step / scale.length);
  return root + 12 * octave + scale[step - octave * scale.length]!;
}
