import { isSilent } from '../../src/model/activity/decision.ts';
import { framesReceived, SUMMARY_LENGTH, Summary } from '../../src/model/summary.ts';
import type { FftPlans } from '../../src/stream/fft.ts';
import { StreamAnalyzer } from '../../src/stream/stream-analyzer.ts';
import type { StepWindow } from '../../src/types.ts';
import { MATERIAL_HZ } from './material.ts';
import type { Scene } from './scene.ts';

/** A scene as input of the network, without its silent steps. */
export interface AnalyzedScene {
  readonly steps: number;
  /** [steps, SUMMARY_LENGTH] summaries of the windows. */
  readonly rows: Float32Array;
  /** [steps] 1 speech, 0 music, NaN without a label. */
  readonly labels: Float32Array;
}

/** The windows of mono audio at MATERIAL_HZ, from the live path. */
export function* windowsOf(samples: Float32Array, plans: FftPlans): Generator<StepWindow, void, undefined> {
  const analyzer = new StreamAnalyzer('activity', plans);
  const chunk = { samples, sampleRateHz: MATERIAL_HZ, channels: 1, arrivedAtMs: 0 };
  for (const window of analyzer.analyze({ type: 'audio', ...chunk })) if ('mel' in window) yield window;
}

/** Summarizes the steps of a scene. Silent steps are left out: the live detector skips them. */
export function analyzeScene({ samples, labels }: Scene, plans: FftPlans): AnalyzedScene {
  const summary = new Summary();
  const rows = new Float32Array(labels.length * SUMMARY_LENGTH);
  const targets: number[] = [];
  for (const window of windowsOf(samples, plans)) {
    if (isSilent(window)) continue;
    summary.write(window.mel, framesReceived(window.step), rows, targets.length * SUMMARY_LENGTH);
    const label = labels[window.step];
    targets.push(label === undefined ? Number.NaN : label === 'speech' ? 1 : 0);
  }
  const steps = targets.length;
  return { steps, rows: rows.subarray(0, steps * SUMMARY_LENGTH), labels: Float32Array.from(targets) };
}
