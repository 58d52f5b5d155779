import { BadSink, checkParams, parseSinkUri } from '../sink-uri.ts';
import { mqttSink } from './mqtt.ts';
import { oscSink } from './osc.ts';
import type { SinkConnector, SinkTarget, StreamSinkKind } from './stream-sink-kind.ts';

/** Every kind of sink that streams can be sent to: one file beside this one and one line here. */
export const STREAM_SINK_KINDS: readonly StreamSinkKind[] = [oscSink, mqttSink];

/** All forms of sinks, for help texts. */
export const SINK_USAGE = STREAM_SINK_KINDS.map(({ usage }) => usage).join(', ');

/** @throws BadSink for a scheme that no kind has */
export function sinkKindOf(scheme: string): StreamSinkKind {
  const kind = STREAM_SINK_KINDS.find(({ schemes }) => schemes.includes(scheme));
  if (kind) return kind;
  const known = STREAM_SINK_KINDS.flatMap(({ schemes }) => schemes.map((one) => `${one}:`));
  throw new BadSink(`expected a sink of one of the kinds ${known.join(', ')}`);
}

/** Finds the kind of a sink and checks the sink. @throws BadSink */
export function connectorOf(
  sink: string,
  rest: Pick<SinkTarget, 'user' | 'secret' | 'values'>,
): { readonly kind: StreamSinkKind; readonly connector: SinkConnector } {
  const uri = parseSinkUri(sink);
  const kind = sinkKindOf(uri.scheme);
  checkParams(uri, kind.params);
  return { kind, connector: kind.create({ ...uri, ...rest }) };
}
