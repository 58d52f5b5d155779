import { hostname } from 'node:os';
import type { ValueOptions } from '../mapping/mapping.ts';
import { SINK_VALUES } from '../mapping/values.ts';
import { BadSink } from '../sink-uri.ts';
import { type LslOutlet, loadLsl } from './lsl-library.ts';
import { checkNumbers } from './numbers.ts';
import type { SinkStep, StreamSinkKind } from './stream-sink-kind.ts';

/** Steps per second of audio. */
const STEPS_HZ = 2;

/**
 * Lab Streaming Layer: an outlet for each stream, with a channel of floats for each value, so that LabRecorder and
 * others record it beside EEG and other signals, on one clock.
 */
export const lslSink: StreamSinkKind = {
  schemes: ['lsl'],
  usage: 'lsl:[NAME]',
  about: 'Lab Streaming Layer: an outlet for each stream; needs the library liblsl',
  example: 'lsl:undertone-{stream}',
  params: ['library'],
  remote: false,
  live: true,
  perStream: true,
  maxQueued: 64,
  wholeFrames: false,
  defaults: ['valence', 'arousal', 'valenceSd', 'arousalSd', 'confidence', 'loudness'].map((value) => ({
    value,
  })),
  create(target) {
    const { values = [] } = target;
    checkNumbers(values);
    const labels = values.map(({ value, as = value }) => as);
    if (new Set(labels).size < labels.length)
      throw new BadSink('expected a different "as" for each value, which names its channel');
    const template = target.path === '' ? 'undertone-{stream}' : target.path;
    const isRegular = values.every(({ every, on }) => every === undefined && on === undefined);
    return {
      async open() {
        const lsl = await loadLsl(target.params.get('library'));
        const outlets = new Map<string, { readonly outlet: LslOutlet; readonly sample: Float32Array }>();
        const outletOf = (stream: string) => {
          const known = outlets.get(stream);
          if (known) return known;
          const outlet = lsl.open({
            name: template.replaceAll('{stream}', stream),
            type: 'Emotion',
            sourceId: `undertone ${hostname()} ${stream}`,
            rateHz: isRegular ? STEPS_HZ : 0,
            channels: values.map((value, i) => ({ label: labels[i]!, unit: unitOf(value) })),
          });
          const opened = { outlet, sample: new Float32Array(values.length).fill(Number.NaN) };
          outlets.set(stream, opened);
          return opened;
        };
        return {
          async send([step]: readonly [SinkStep, ...SinkStep[]]) {
            if (step.values.length > 0) {
              const { outlet, sample } = outletOf(step.stream);
              // A value that is not due keeps its last number; one that the stream does not have is NaN.
              for (const { name, as = name, value } of step.values)
                sample[labels.indexOf(as)] = typeof value === 'number' ? value : Number.NaN;
              outlet.push(sample, step.timeMs);
            }
            // Not while the source is lost: a recorder would miss what comes until it finds the outlet again.
            if (step.isLast) {
              outlets.get(step.stream)?.outlet.close();
              outlets.delete(step.stream);
            }
            return undefined;
          },
          close() {
            for (const { outlet } of outlets.values()) outlet.close();
          },
        };
      },
    };
  },
};

/** The unit in the description of a channel. */
function unitOf({ value, to }: ValueOptions): string {
  return to ? 'scaled' : (SINK_VALUES.get(value)?.unit ?? 'normalized');
}
