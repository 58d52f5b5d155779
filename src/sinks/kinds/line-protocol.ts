import type { SinkStep } from './stream-sink-kind.ts';

/**
 * A step as one line of InfluxDB's line protocol, with a time in ms:
 * `undertone,stream=booth valence=0.31,mood="excited" 1795205703500`. A forecast is two fields; values that the stream
 * does not have now are left out, and a step without any is an empty text.
 * docs.influxdata.com/influxdb/v2/reference/syntax/line-protocol
 */
export function lineOf(measurement: string, { stream, values }: SinkStep, timeMs: number): string {
  const fields = values.flatMap(({ name, as = name, value }) => {
    if (value === null) return [];
    if (!Array.isArray(value)) return [`${key(as)}=${field(value as string | number)}`];
    return [`${key(`${as}/valence`)}=${field(value[0])}`, `${key(`${as}/arousal`)}=${field(value[1])}`];
  });
  if (fields.length === 0) return '';
  return `${name(measurement)},stream=${key(stream)} ${fields.join(',')} ${timeMs}\n`;
}

/** A measurement may contain an equals sign. */
const name = (text: string): string => text.replace(/[, ]/g, '\\$&');

/** Of tags and fields. */
const key = (text: string): string => text.replace(/[,= ]/g, '\\$&');

/** Numbers are floats, also whole ones: a field keeps its first type for ever. */
const field = (value: string | number): string =>
  typeof value === 'number' ? String(value) : `"${value.replace(/["\\]/g, '\\$&')}"`;
