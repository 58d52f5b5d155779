import type Database from 'libsql';
import { ALL_SEQS, overlaps, type SeqRange, type TimeRange } from '../time-range.ts';

/** A change of the clock, as the log has it. */
export interface ClockChange {
  readonly id: number;
  /** The clock after the change, ms since 1970. */
  readonly timeMs: number;
  /** How far it was set: positive forward, negative back. */
  readonly seconds: number;
  /** Number of the first run of the process that noticed it. */
  readonly firstRun: number;
  /** Number of the newest run that had begun. */
  readonly lastRun: number;
  /** Number of frames that each run which was running had emitted. */
  readonly places: ReadonlyMap<number, number>;
}

/** A moment: a clock time, and the newest change of the clock before it (0: none), as a clock time may occur twice. */
export interface Moment {
  readonly ms: number;
  readonly clock: number;
}

/** A span between two changes of the clock. `shiftMs` takes its clock times to the clock at the start of the span. */
export interface ClockPart extends TimeRange {
  readonly shiftMs: number;
  /** Moments before and after it, on the clock of the start: shifted times are within them. */
  readonly lineFromMs: number;
  readonly lineToMs: number;
}

/** The time between two changes of the clock. */
interface Era extends TimeRange {
  /** Id of the change that it begins with; 0 for the first. */
  readonly clock: number;
  /** Sum of all changes before it. */
  readonly offsetMs: number;
  readonly begin: ClockChange | undefined;
  readonly end: ClockChange | undefined;
}

/** A client's clock may be this far ahead. */
const AHEAD_MS = 5_000;
/** A change is noticed at most this long after it. */
const NEAR_MS = 2_000;

/**
 * The line of time through all changes of the clock: `lineMs` of a moment is what the clock would show if it had never
 * been set while a server ran. Without a change it is the clock time itself.
 */
export class ClockLine {
  readonly #changes: ClockChange[];
  readonly #eras: Era[];
  #lastId: number;

  constructor(db: Database.Database) {
    this.#lastId = lastId(db);
    this.#changes = readChanges(db);
    this.#eras = erasOf(this.#changes);
  }

  get changes(): readonly ClockChange[] {
    return this.#changes;
  }

  /** Id of the newest change; 0 if the clock was never set. */
  get newest(): number {
    return this.#changes.at(-1)?.id ?? 0;
  }

  /** Adds the newest change; returns it with its id. */
  add(added: Omit<ClockChange, 'id'>): ClockChange {
    const change = { id: ++this.#lastId, ...added };
    this.#changes.push(change);
    const last = this.#eras.at(-1)!;
    this.#eras[this.#eras.length - 1] = { ...last, end: change, toMs: endMs(change) };
    this.#eras.push(eraAfter(change, last.offsetMs, undefined));
    return change;
  }

  lineMs({ ms, clock }: Moment): number {
    return ms - this.#era(clock).offsetMs;
  }

  /** The moment at a point of the line. */
  momentAt(lineMs: number): Moment {
    const era = this.#eras.findLast(({ fromMs, offsetMs }) => fromMs - offsetMs <= lineMs)!;
    return { ms: lineMs + era.offsetMs, clock: era.clock };
  }

  /**
   * The moments that a clock time may name, at least one, newest first: those at which the clock showed it. A time that
   * it never showed, because it was set forward over it, counts on the present clock.
   */
  momentsOf(ms: number, nowMs: number): readonly [Moment, ...Moment[]] {
    const [newest, ...older] = this.#eras
      .filter(
        ({ fromMs, toMs, end }) => ms >= fromMs && ms < (end ? toMs : Math.max(fromMs, nowMs) + AHEAD_MS),
      )
      .map(({ clock }) => ({ ms, clock }))
      .reverse();
    return newest ? [newest, ...older] : [this.momentAt(ms - this.#eras.at(-1)!.offsetMs)];
  }

  /** Id of the newest change before a run began. */
  atStart(run: number): number {
    return this.#changes.findLast(({ lastRun }) => lastRun < run)?.id ?? 0;
  }

  /** The changes between two moments. */
  changesBetween(from: Moment, to: Moment): readonly ClockChange[] {
    return this.#changes.filter(({ id }) => id > from.clock && id <= to.clock);
  }

  /**
   * The parts of a span of time, in order, between which the clock was set. `to` is inclusive. The parts together have
   * each frame of the span once, whatever times the clock showed.
   */
  parts(from: Moment, to: Moment): ClockPart[] {
    const eras = this.#erasBetween(from, to);
    const offsetMs = this.#era(from.clock).offsetMs;
    return eras.map((era, i) => {
      const [isFirst, isLast] = [i === 0, i === eras.length - 1];
      const shown = { fromMs: isFirst ? from.ms : era.fromMs, toMs: isLast ? to.ms : era.toMs };
      const shiftMs = offsetMs - era.offsetMs;
      const others = this.#eras.some((other) => other !== era && overlaps(other, shown));
      return {
        // Frames next to a change are found by their place: their times may be of either clock.
        fromMs: isFirst ? from.ms : Number.NEGATIVE_INFINITY,
        toMs: isLast ? to.ms + 1 : Number.POSITIVE_INFINITY,
        seqs: eras.length > 1 || others ? seqsOf(era) : undefined,
        shiftMs,
        lineFromMs: shown.fromMs + shiftMs,
        lineToMs: shown.toMs + shiftMs,
      };
    });
  }

  /** What the clock showed between two moments: the times of all frames of that span, and perhaps of others. */
  shownBetween(from: Moment, to: Moment): TimeRange[] {
    return this.#erasBetween(from, to).map((era, i, all) => ({
      fromMs: i === 0 ? from.ms : era.fromMs - NEAR_MS,
      toMs: (i === all.length - 1 ? to.ms : era.toMs + NEAR_MS) + 1,
    }));
  }

  #erasBetween(from: Moment, to: Moment): Era[] {
    const first = this.#era(from.clock);
    return this.#eras.filter(
      ({ clock }) => clock >= first.clock && (clock === first.clock || clock <= to.clock),
    );
  }

  #era(clock: number): Era {
    // A corrected change is no more; its moments count from the change before it.
    return this.#eras.findLast((era) => era.clock <= clock)!;
  }
}

/** A clock time of a part, on the clock of the start of its span. */
export const onLine = ({ shiftMs, lineFromMs, lineToMs }: ClockPart, ms: number): number =>
  Math.min(Math.max(ms + shiftMs, lineFromMs), lineToMs);

const endMs = ({ timeMs, seconds }: ClockChange): number => timeMs - seconds * 1000;

function erasOf(changes: readonly ClockChange[]): Era[] {
  const first = changes[0];
  const eras: Era[] = [
    {
      clock: 0,
      offsetMs: 0,
      begin: undefined,
      end: first,
      fromMs: Number.NEGATIVE_INFINITY,
      toMs: first ? endMs(first) : Number.POSITIVE_INFINITY,
    },
  ];
  for (const [i, change] of changes.entries())
    eras.push(eraAfter(change, eras.at(-1)!.offsetMs, changes[i + 1]));
  return eras;
}

const eraAfter = (begin: ClockChange, offsetMs: number, end: ClockChange | undefined): Era => ({
  clock: begin.id,
  offsetMs: offsetMs + begin.seconds * 1000,
  begin,
  end,
  fromMs: begin.timeMs,
  toMs: end ? endMs(end) : Number.POSITIVE_INFINITY,
});

function seqsOf({ begin, end }: Era): (run: number) => SeqRange {
  return (run) => ({
    from: begin ? placeIn(begin, run) : ALL_SEQS.from,
    end: end ? placeIn(end, run) : ALL_SEQS.end,
  });
}

/** Number of frames of a run before a change. */
const placeIn = ({ places, lastRun }: ClockChange, run: number): number =>
  run > lastRun ? 0 : (places.get(run) ?? Number.POSITIVE_INFINITY);

/** Ids are not used again after a correction, as sessions refer to them. */
const lastId = (db: Database.Database): number =>
  (
    db
      .prepare("SELECT coalesce(max(seq), 0) AS id FROM sqlite_sequence WHERE name = 'clock_changes'")
      .get() as { id: number }
  ).id;

function readChanges(db: Database.Database): ClockChange[] {
  const changes = db
    .prepare(
      'SELECT id, time_ms AS timeMs, seconds, first_run AS firstRun, last_run AS lastRun FROM clock_changes ORDER BY id',
    )
    .all() as Omit<ClockChange, 'places'>[];
  const places = new Map<number, Map<number, number>>(changes.map(({ id }) => [id, new Map()]));
  for (const { change, run, seq } of db.prepare('SELECT change, run, seq FROM clock_places').all() as {
    change: number;
    run: number;
    seq: number;
  }[])
    places.get(change)?.set(run, seq);
  return changes.map((change) => ({ ...change, places: places.get(change.id)! }));
}
