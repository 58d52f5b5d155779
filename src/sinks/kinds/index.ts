import type { ValueOptions } from '../mapping/mapping.ts';
import { DEFAULT_VALUES } from '../mapping/values.ts';
import { BadSink, checkParams, parseSinkUri } from '../sink-uri.ts';
import { artnetSink } from './artnet.ts';
import { fileSink } from './file.ts';
import { influxSink } from './influx.ts';
import { lslSink } from './lsl.ts';
import { midiSink } from './midi.ts';
import { mqttSink } from './mqtt.ts';
import { oscSink } from './osc.ts';
import { sacnSink } from './sacn.ts';
import { stdoutSink } from './stdout.ts';
import type { SinkConnector, SinkTarget, StreamSinkKind } from './stream-sink-kind.ts';
import { webhookSink } from './webhook.ts';

/** Every kind of sink that streams can be sent to: one file beside this one and one line here. */
export const STREAM_SINK_KINDS: readonly StreamSinkKind[] = [
  oscSink,
  mqttSink,
  midiSink,
  sacnSink,
  artnetSink,
  lslSink,
  influxSink,
  webhookSink,
  fileSink,
  stdoutSink,
];

/** All forms of sinks, for help texts. */
export const SINK_USAGE = STREAM_SINK_KINDS.map(({ usage }) => usage).join(', ');

/** @throws BadSink for a scheme that no kind has */
function sinkKindOf(scheme: string): StreamSinkKind {
  const kind = STREAM_SINK_KINDS.find(({ schemes }) => schemes.includes(scheme));
  if (kind) return kind;
  const known = STREAM_SINK_KINDS.flatMap(({ schemes }) => schemes.map((one) => `${one}:`));
  throw new BadSink(`expected a sink of one of the kinds ${known.join(', ')}`);
}

/** Finds the kind of a sink and checks the sink. @throws BadSink */
export function connectorOf({ sink, user, secret, values, smooth, every }: ConnectorEntry): {
  readonly kind: StreamSinkKind;
  readonly connector: SinkConnector;
  /** What is sent; undefined: whole frames. */
  readonly values: SinkTarget['values'];
} {
  const uri = parseSinkUri(sink);
  const kind = sinkKindOf(uri.scheme);
  checkParams(uri, kind.params);
  const isWhole = kind.wholeFrames && smooth === undefined && every === undefined;
  const sent =
    values ?? (isWhole ? undefined : (kind.defaults ?? DEFAULT_VALUES.map((value) => ({ value }))));
  return { kind, connector: kind.create({ ...uri, user, secret, values: sent }), values: sent };
}

interface ConnectorEntry {
  readonly sink: string;
  readonly user?: string | undefined;
  /** Text: the variable or the file was read. */
  readonly secret?: string | undefined;
  readonly values?: readonly ValueOptions[] | undefined;
  readonly smooth?: string | undefined;
  readonly every?: string | undefined;
}
