import { expect, it } from 'vitest';
import { Outbox, type Outcome } from '../../dashboard/state/outbox.ts';
import { readUnsaved, type Unsaved, type Work } from '../../dashboard/state/unsaved.ts';

const title = (text: string): Work => ({ kind: 'field', field: 'title', text });
const marker = (ref: string): Work => ({ kind: 'marker', ref, timeMs: 1000, pressedMs: 1000, note: '' });
const FAILED: Outcome = { is: 'failed', reason: null, alone: false };

/** An outbox whose requests are answered by hand, and whose pauses end by hand. */
function byHand(before: readonly Unsaved[] = []) {
  const requests: {
    readonly session: string;
    readonly work: Work;
    readonly again: boolean;
    readonly answer: (outcome: Outcome) => Promise<void>;
  }[] = [];
  let resume = () => {};
  let kept: readonly Unsaved[] = before;
  const outbox = new Outbox(
    {
      send: (session, work, again) =>
        new Promise((resolve) => {
          const answer = async (outcome: Outcome) => {
            resolve(outcome);
            await settle();
          };
          requests.push({ session, work, again, answer });
        }),
      pause: () =>
        new Promise((resolve) => {
          resume = resolve;
        }),
      keep: (all) => {
        kept = all;
      },
    },
    before,
  );
  const next = () => requests.shift()!;
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    ...{ outbox, requests, next, settle },
    pauseEnds: async () => {
      resume();
      await settle();
    },
    kept: () => kept,
  };
}

it('sends again until it is stored, in order, and keeps everything meanwhile', async () => {
  const { outbox, next, requests, pauseEnds, kept } = byHand();
  outbox.add('a', title('One'));
  outbox.add('a', marker('m'));
  await next().answer(FAILED);
  expect(outbox.all.value.map(({ late }) => late)).toEqual([true, true]);
  expect(requests).toEqual([]);
  expect(kept()).toHaveLength(2);
  await pauseEnds();
  expect(requests[0]).toMatchObject({ work: title('One'), again: true });
  await next().answer({ is: 'stored', answer: {} });
  expect(outbox.isSaved('a', 'title')).toBe(true);
  await next().answer({ is: 'stored', answer: { id: 7 } });
  expect(kept()).toEqual([]);
});

it('keeps what is typed while an older text is on its way, and sends it when it is complete', async () => {
  const { outbox, next, requests } = byHand();
  outbox.add('a', title('Old'));
  outbox.draft('a', title('Old and new'));
  await next().answer({ is: 'stored', answer: {} });
  expect(outbox.find('a', 'title')).toMatchObject({ state: 'draft', work: title('Old and new') });
  expect(outbox.isSaved('a', 'title')).toBe(false);
  expect(requests).toEqual([]);
  outbox.commit('a', 'title');
  expect(next().work).toEqual(title('Old and new'));
});

it('keeps a refused text with the sentence, and goes on with the others', async () => {
  const { outbox, next } = byHand();
  outbox.add('a', title('x'.repeat(999)));
  outbox.add('b', title('Fine'));
  await next().answer({ is: 'refused', reason: 'Too long.' });
  expect(next()).toMatchObject({ session: 'b' });
  expect(outbox.find('a', 'title')).toMatchObject({ state: 'refused', reason: 'Too long.' });
  outbox.draft('a', title('Short'));
  expect(outbox.find('a', 'title')).toMatchObject({ state: 'draft', reason: null });
});

it('does not let one that fails alone hold up the others', async () => {
  const { outbox, next, requests, pauseEnds } = byHand();
  outbox.add('a', title('One'));
  outbox.add('b', title('Two'));
  await next().answer({ is: 'failed', reason: null, alone: true });
  await next().answer({ is: 'stored', answer: {} });
  expect(requests).toEqual([]);
  await pauseEnds();
  expect(next()).toMatchObject({ session: 'a' });
});

it('sends the note of a marker once the marker has an id, whatever it was addressed by', async () => {
  const { outbox, next, requests, pauseEnds } = byHand();
  outbox.add('a', marker('m'));
  outbox.add('a', { kind: 'note', marker: 'm', text: 'drums' });
  await next().answer(FAILED);
  await pauseEnds();
  await next().answer({ is: 'stored', answer: { id: 7 } });
  expect(next().work).toEqual({ kind: 'note', marker: 7, text: 'drums' });
  outbox.draft('a', { kind: 'note', marker: 'm', text: 'drums and harp' });
  expect(outbox.find('a', 'note 7')).toMatchObject({ state: 'draft' });
  expect(requests).toEqual([]);
});

it('sends a note whose field leaves the page just as its marker is stored', async () => {
  const { outbox, next } = byHand();
  outbox.add('a', marker('m'));
  outbox.draft('a', { kind: 'note', marker: 'm', text: 'drums' });
  await next().answer({ is: 'stored', answer: { id: 7 } });
  outbox.commit('a', 'note m');
  expect(next()).toMatchObject({ session: 'a', work: { kind: 'note', marker: 7, text: 'drums' } });
});

it('sends what the page before it left, but never an addendum that was not sent by its button', async () => {
  const work = [title('Draft'), { kind: 'addendum', name: 'A. Vale', text: 'Half a sen' }] as const;
  const left = readUnsaved(JSON.stringify(work.map((one) => ({ session: 'a', work: one, state: 'draft' }))));
  const { outbox, requests } = byHand(left);
  expect(requests.map((request) => request.work)).toEqual([title('Draft')]);
  expect(requests[0]!.again).toBe(true);
  outbox.commitAll();
  expect(outbox.find('a', 'addendum')?.state).toBe('draft');
  expect(readUnsaved('no JSON')).toEqual([]);
});

it('sends what waits for a session to start once it has a code, and starts none that was refused', async () => {
  const { outbox, next, requests, pauseEnds } = byHand();
  const press = { timeMs: 1000, pressedMs: 1000 };
  const start: Work = {
    kind: 'start',
    stream: 'booth',
    title: '',
    tags: [],
    target: null,
    minutesAgo: 0,
    ...press,
  };
  outbox.add('new:1', start);
  outbox.add('new:1', marker('m'));
  outbox.add('new:1', { kind: 'stop', ...press });
  await next().answer(FAILED);
  expect(requests).toEqual([]);
  await pauseEnds();
  await next().answer({ is: 'stored', answer: { id: 'calm-otter-42' } });
  expect(next()).toMatchObject({ session: 'calm-otter-42', work: { kind: 'marker' } });
  expect(outbox.find('new:1', 'stop')).toMatchObject({ session: 'calm-otter-42', late: true });

  const refused = byHand();
  refused.outbox.add('new:2', start);
  await refused.next().answer({ is: 'refused', reason: 'No such stream.' });
  expect(refused.outbox.all.value).toEqual([]);
  expect(refused.kept()).toEqual([]);
});

it('keeps a start that was refused with all that waits for it, and sends both with the next', async () => {
  const { outbox, next, requests, kept, pauseEnds } = byHand();
  const press = { timeMs: 1000, pressedMs: 1000 };
  const start = (stream: string): Work => ({
    ...{ kind: 'start', stream, title: '', tags: [], target: null, minutesAgo: 0, ...press },
  });
  outbox.add('new:1', start('booth'));
  await next().answer(FAILED);
  outbox.add('new:1', marker('m'));
  outbox.add('new:1', { kind: 'note', marker: 'm', text: 'drums' });
  outbox.add('new:1', { kind: 'stop', ...press });
  await pauseEnds();
  await next().answer({ is: 'refused', reason: 'No such stream.' });
  expect(requests).toEqual([]);
  expect(outbox.find('new:1', 'start')).toMatchObject({ state: 'refused', reason: 'No such stream.' });
  // A page that follows sends it again.
  expect(readUnsaved(JSON.stringify(kept()))).toMatchObject([
    { state: 'queued', work: { kind: 'start' } },
    { work: { kind: 'marker' } },
    { work: { kind: 'note' } },
    { work: { kind: 'stop' } },
  ]);
  outbox.add('new:1', start('room'));
  expect(next()).toMatchObject({ session: 'new:1', work: { stream: 'room' } });
});
