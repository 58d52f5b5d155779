import type { FrontEnd } from '../../../src/model/kinds/undertone/front-ends/front-end.ts';
import type { ModelState, StepWindow } from '../../../src/types.ts';

interface Hearing {
  readonly windows: AsyncIterator<StepWindow>;
  readonly rows: Float32Array[];
  state: ModelState;
}

/**
 * What a front end makes of recordings that are played to it side by side, each from a fresh state:
 * [steps, inputs] for each.
 *
 * @param recordings each window stays as it is until the next one is asked for
 */
export async function hearRows(
  recordings: readonly AsyncIterable<StepWindow>[],
  frontEnd: FrontEnd,
): Promise<Float32Array[]> {
  const all: Hearing[] = recordings.map((recording) => ({
    windows: recording[Symbol.asyncIterator](),
    rows: [],
    state: frontEnd.initialState(),
  }));
  let going = all;
  while (going.length > 0) {
    const turn = await Promise.all(
      going.map(async (hearing) => ({ hearing, next: await hearing.windows.next() })),
    );
    const steps = turn.flatMap(({ hearing, next }) => (next.done ? [] : [{ hearing, window: next.value }]));
    if (steps.length > 0) hearStep(steps, frontEnd);
    going = steps.map(({ hearing }) => hearing);
  }
  return all.map(({ rows }) => joined(rows, frontEnd.inputs));
}

function hearStep(
  steps: readonly { readonly hearing: Hearing; readonly window: StepWindow }[],
  frontEnd: FrontEnd,
): void {
  const heard = frontEnd.extract(steps.map(({ hearing, window }) => ({ window, state: hearing.state })))!;
  for (const [i, { hearing }] of steps.entries()) {
    hearing.state = heard.states[i]!;
    hearing.rows.push(heard.rows.slice(i * frontEnd.inputs, (i + 1) * frontEnd.inputs));
  }
}

function joined(rows: readonly Float32Array[], width: number): Float32Array {
  const all = new Float32Array(rows.length * width);
  for (const [i, row] of rows.entries()) all.set(row, i * width);
  return all;
}
