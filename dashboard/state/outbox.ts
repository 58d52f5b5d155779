import { batch, signal } from '@preact/signals';
import { isAction, isNew, type MarkerRef, noteTarget, targetOf, type Unsaved, type Work } from './unsaved.ts';

/** What came of one request. */
export type Outcome =
  | { readonly is: 'stored'; readonly answer: unknown }
  /** The server does not accept it; `reason` in one sentence. */
  | { readonly is: 'refused'; readonly reason: string }
  /** To be sent again. `alone`: others may go through meanwhile. */
  | { readonly is: 'failed'; readonly reason: string | null; readonly alone: boolean };

export interface OutboxOptions {
  /** Never rejects. `again`: an earlier request for the same may have been stored without an answer. */
  readonly send: (session: string, work: Work, again: boolean) => Promise<Outcome>;
  /** Resolves when it is worth a new try. */
  readonly pause: () => Promise<void>;
  /** Called when a request starts; what it returns is called when it ends. `late`: to be called once it takes long. */
  readonly watch?: (late: () => void) => () => void;
  /** Keeps what is unsaved for a reload of the page. */
  readonly keep?: (all: readonly Unsaved[]) => void;
  readonly stored?: (session: string, work: Work, answer: unknown) => void;
  /** A start or a stop was refused. It is forgotten, except a start that others wait for: it stays with them. */
  readonly refused?: (session: string, work: Work, reason: string) => void;
}

/**
 * What is typed or pressed on this page until the server has stored it: sent in order, one request at a time, and again
 * for as long as it fails.
 */
export class Outbox {
  /** In the order of their first writing. */
  readonly all = signal<readonly Unsaved[]>([]);
  /** Targets that were stored last, each until it is written again: `SESSION title`. */
  readonly saved = signal<ReadonlySet<string>>(new Set());
  readonly #options: OutboxOptions;
  #running = false;
  #wake = () => {};
  /** Ids of the markers of this page that are stored. */
  readonly #ids = new Map<MarkerRef, number>();
  /** What their notes are called now, by what they were called before. */
  readonly #targets = new Map<string, string>();
  /** Codes of the sessions that were started on this page, by the names that they had before. */
  readonly #codes = new Map<string, string>();

  constructor(options: OutboxOptions, before: readonly Unsaved[] = []) {
    this.#options = options;
    this.all.value = before;
    void this.#run();
  }

  find = (session: string, target: string): Unsaved | undefined => {
    // A field may still know a marker by the name that it had before it was stored.
    const present = this.#targets.get(target) ?? target;
    return this.all.value.find(
      (one) => one.session === this.#codeOf(session) && targetOf(one.work) === present,
    );
  };

  /** Whether the newest text of a target was stored, and none was written since. */
  isSaved = (session: string, target: string): boolean =>
    this.saved.value.has(`${this.#codeOf(session)} ${target}`) && this.find(session, target) === undefined;

  /** Takes what is being typed; it is sent once it is complete: `commit`. */
  draft(session: string, work: Work): void {
    this.#put({ session, work, state: 'draft', late: false, reason: null });
  }

  /** Sends a piece of work instead of an earlier one of the same target. */
  add(session: string, work: Work): void {
    this.#put({ session, work, state: 'queued', late: false, reason: null });
    this.#wake();
    void this.#run();
  }

  /** What was typed is complete. */
  commit(session: string, target: string): void {
    const one = this.find(session, target);
    if (one?.state === 'draft') this.add(session, one.work);
  }

  /** Everything that is being typed is complete, because the page may end. */
  commitAll(): void {
    for (const { session, work, state } of this.all.peek())
      if (state === 'draft' && work.kind !== 'addendum') this.add(session, work);
  }

  /** Forgets what is not to be stored any more: one target, or all of a session. */
  drop(session: string, target?: string): void {
    const code = this.#codeOf(session);
    this.#set((all) =>
      all.filter((one) => one.session !== code || (target !== undefined && targetOf(one.work) !== target)),
    );
  }

  #codeOf(session: string): string {
    return this.#codes.get(session) ?? session;
  }

  #put(written: Unsaved): void {
    const { work } = written;
    const id = work.kind === 'note' ? this.#ids.get(work.marker) : undefined;
    const session = this.#codeOf(written.session);
    const next = {
      ...written,
      session,
      work: id === undefined ? work : ({ ...work, marker: id } as Work),
    };
    const target = targetOf(next.work);
    const before = this.find(next.session, target);
    if (this.saved.peek().has(`${next.session} ${target}`)) {
      const others = new Set(this.saved.peek());
      others.delete(`${next.session} ${target}`);
      this.saved.value = others;
    }
    this.#set((all) =>
      before === undefined ? [...all, next] : all.map((one) => (one === before ? next : one)),
    );
  }

  #set(change: (all: readonly Unsaved[]) => readonly Unsaved[]): void {
    this.all.value = change(this.all.peek());
    this.#options.keep?.(this.all.peek());
  }

  /** Replaces the state of `one`, unless it was written again. */
  #mark(one: Unsaved, state: Partial<Unsaved>): Unsaved {
    const next = { ...one, ...state };
    this.#set((all) => all.map((other) => (other === one ? next : other)));
    return next;
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    while (this.all.peek().some(isReady)) {
      if (await this.#pass()) continue;
      await Promise.race([
        this.#options.pause(),
        new Promise<void>((wake) => {
          this.#wake = wake;
        }),
      ]);
    }
    this.#running = false;
  }

  /** Sends each ready piece once. Returns whether all of them were answered. */
  async #pass(): Promise<boolean> {
    const tried = new Set<string>();
    for (;;) {
      const one = this.all
        .peek()
        .find((next) => isReady(next) && !tried.has(`${next.session} ${targetOf(next.work)}`));
      if (one === undefined) return tried.size === 0;
      const outcome = await this.#try(one);
      if (outcome.is !== 'failed') continue;
      tried.add(`${one.session} ${targetOf(one.work)}`);
      if (outcome.alone) continue;
      this.#lateAll(outcome.reason);
      return false;
    }
  }

  async #try(first: Unsaved): Promise<Outcome> {
    let one = first;
    const done = this.#options.watch?.(() => {
      one = this.#mark(one, { late: true });
    });
    const outcome = await this.#options.send(one.session, one.work, one.late);
    done?.();
    if (outcome.is === 'stored') batch(() => this.#stored(one, outcome.answer));
    else if (outcome.is === 'refused') this.#refused(one, outcome.reason);
    else this.#mark(one, { late: true, reason: outcome.reason });
    return outcome;
  }

  #stored(one: Unsaved, answer: unknown): void {
    const { session, work } = one;
    // What was typed meanwhile stays to be sent.
    this.#set((all) => all.filter((other) => other !== one));
    if (work.kind === 'start') this.#sessionStored(session, (answer as { id: string }).id);
    if (work.kind === 'marker') this.#markerStored(session, work.ref, (answer as { id: number }).id);
    const target = targetOf(work);
    if (!isAction(work) && this.find(session, target) === undefined)
      this.saved.value = new Set([...this.saved.peek(), `${session} ${target}`]);
    this.#options.stored?.(session, work, answer);
  }

  /** It stays as it was typed, to be corrected; with a marker also its note. */
  #refused(one: Unsaved, reason: string): void {
    const { session, work } = one;
    if (isAction(work)) {
      const isNeeded = work.kind === 'start' && this.all.peek().some((other) => waitsFor(other, one));
      if (isNeeded) this.#mark(one, { state: 'refused', late: false, reason });
      else this.drop(session, work.kind);
      this.#options.refused?.(session, work, reason);
      return;
    }
    const note = work.kind === 'marker' ? this.find(session, noteTarget(work.ref)) : undefined;
    for (const each of note === undefined ? [one] : [one, note])
      this.#mark(each, { state: 'refused', late: false, reason });
  }

  /** What waited for a session to start is addressed by its code once it has one. */
  #sessionStored(session: string, code: string): void {
    this.#codes.set(session, code);
    this.#set((all) =>
      all.map((one) =>
        // It counts as stopped, as it did before.
        one.session === session ? { ...one, session: code, late: one.late || one.work.kind === 'stop' } : one,
      ),
    );
  }

  /** Notes of a marker are addressed by its id once it has one. */
  #markerStored(session: string, ref: MarkerRef, id: number): void {
    this.#ids.set(ref, id);
    this.#targets.set(noteTarget(ref), noteTarget(id));
    this.#set((all) =>
      all.map((one) =>
        one.session === session && targetOf(one.work) === noteTarget(ref)
          ? { ...one, work: { ...one.work, marker: id } as Work }
          : one,
      ),
    );
  }

  #lateAll(reason: string | null): void {
    this.#set((all) => all.map((one) => (isReady(one) ? { ...one, late: true, reason } : one)));
  }
}

const waitsFor = (one: Unsaved, start: Unsaved): boolean => one !== start && one.session === start.session;

/** A note waits for its marker, and everything for the start of its session. */
const isReady = ({ session, state, work }: Unsaved): boolean =>
  state === 'queued' &&
  !(isNew(session) && work.kind !== 'start') &&
  !(work.kind === 'note' && typeof work.marker === 'string');
