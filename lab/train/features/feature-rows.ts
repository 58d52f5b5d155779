import type { FrontEnd } from '../../../src/model/kinds/undertone/front-ends/front-end.ts';
import type { ModelState, StepWindow } from '../../../src/types.ts';
import { concatFloats } from '../../../src/util/concat-floats.ts';

interface Recording {
  readonly windows: AsyncIterator<StepWindow>;
  readonly rows: Float32Array[];
  state: ModelState;
}

/**
 * Runs a front end over several recordings in parallel, each from a fresh state.
 *
 * @param recordings windows; each may be reused when the next one is requested
 * @returns [steps, inputs] for each recording
 */
export async function extractRows(
  recordings: readonly AsyncIterable<StepWindow>[],
  frontEnd: FrontEnd,
): Promise<Float32Array[]> {
  const all: Recording[] = recordings.map((windows) => ({
    windows: windows[Symbol.asyncIterator](),
    rows: [],
    state: frontEnd.initialState(),
  }));
  let active = all;
  while (active.length > 0) {
    const turn = await Promise.all(
      active.map(async (recording) => ({ recording, next: await recording.windows.next() })),
    );
    const steps = turn.flatMap(({ recording, next }) =>
      next.done ? [] : [{ recording, window: next.value }],
    );
    if (steps.length > 0) extractStep(steps, frontEnd);
    active = steps.map(({ recording }) => recording);
  }
  return all.map(({ rows }) => concatFloats(rows));
}

function extractStep(
  steps: readonly { readonly recording: Recording; readonly window: StepWindow }[],
  frontEnd: FrontEnd,
): void {
  const { rows, states } = frontEnd.extract(
    steps.map(({ recording, window }) => ({ window, state: recording.state })),
  )!;
  for (const [i, { recording }] of steps.entries()) {
    recording.state = states[i]!;
    recording.rows.push(rows.slice(i * frontEnd.inputs, (i + 1) * frontEnd.inputs));
  }
}
