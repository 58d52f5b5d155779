import type { Tf } from '../../../src/model/engine.ts';
import { createPatchCutter } from '../../../src/model/kinds/undertone/front-ends/ced/patches.ts';
import type { Weights } from '../../../src/model/weights.ts';
import type { Passage } from './passages.ts';
import { SMALL_DEFAULTS, SmallStudent } from './small-student.ts';
import { STREAMING_DEFAULTS, StreamingStudent } from './streaming-student.ts';
import type { TargetStatistics } from './target-statistics.ts';
import type { DistillOptions, Student } from './train-student.ts';

interface StudentRequest {
  /** Of the windowed form. */
  readonly weights: Weights;
  readonly seed: number;
  /** All passages, as `inputOf` gives them. */
  readonly passages: readonly Float32Array[];
  readonly statistics: TargetStatistics;
}

interface StudentKind {
  readonly defaults: DistillOptions;
  /** Where the weights are from, for readers of the file. */
  readonly source: string;
  readonly inputOf: (passage: Passage) => Float32Array;
  readonly create: (tf: Tf, request: StudentRequest) => Student;
}

/** What can be trained to imitate the windowed form of the audio transformer. */
export const STUDENTS: Readonly<Record<'streaming' | 'small', StudentKind>> = {
  streaming: {
    defaults: STREAMING_DEFAULTS,
    source:
      'CED-tiny (arXiv 2308.11957), Apache-2.0, trained further by "undertone distill" for causal attention over 3 s',
    inputOf: ({ fine }) => fine,
    create: (tf, { weights, statistics }) =>
      new StreamingStudent(tf, weights, createPatchCutter(weights), statistics.perSd),
  },
  small: {
    defaults: SMALL_DEFAULTS,
    source:
      'trained by "undertone distill --student small" to give the features of CED-tiny (arXiv 2308.11957)',
    inputOf: ({ patches }) => patches,
    create: (tf, { seed, passages, statistics }) => new SmallStudent(tf, seed, passages, statistics),
  },
};
