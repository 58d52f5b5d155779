import { openMidiOut } from '../../util/midi.ts';
import type { ValueOptions } from '../mapping/mapping.ts';
import { SinkFault } from '../sink-fault.ts';
import { BadSink, integerParam } from '../sink-uri.ts';
import { checkNumbers } from './numbers.ts';
import type { StreamSinkKind } from './stream-sink-kind.ts';

const NOTE_OFF = 0x80;
const NOTE_ON = 0x90;
const CONTROL_CHANGE = 0xb0;
const MAX = 127;
/** A trigger is a note of this length. */
const TRIGGER_MS = 100;

/** Control changes and notes to a MIDI port, or to a virtual port that other programs connect to. */
export const midiSink: StreamSinkKind = {
  schemes: ['midi'],
  usage: 'midi:[PORT]',
  about: 'MIDI control changes and notes; without PORT, a virtual port "undertone"',
  example: 'midi:Launchpad?channel=1&value=arousal&as=cc/20&to=0..127&smooth=1s',
  params: ['channel'],
  remote: false,
  live: true,
  perStream: true,
  maxQueued: 16,
  wholeFrames: false,
  to: [0, MAX],
  // Controllers 20 to 31 have no meaning of their own.
  defaults: [
    { value: 'valence', as: 'cc/20' },
    { value: 'arousal', as: 'cc/21' },
    { value: 'loudness', as: 'cc/22' },
  ],
  create(target) {
    const { values = [] } = target;
    const channel = integerParam(target, 'channel', { min: 1, max: 16, default: 1 });
    checkNumbers(values);
    const places = new Map(values.map((value) => [value.as, placeOf(value, channel)]));
    return {
      async open() {
        const { port, lost, close } = await openMidiOut(target.path);
        const sounding = new Map<string, { readonly place: Place; readonly stream: string }>();
        const noteOff = (place: Place) => {
          port.sendMessage([NOTE_OFF | place.channel, place.number, 0]);
          sounding.delete(keyOf(place));
        };
        const endTrigger = (place: Place) => {
          try {
            if (sounding.has(keyOf(place))) noteOff(place);
          } catch {
            // The next step shows that the port fails.
          }
        };
        return {
          lost: lost.then((reason) => new SinkFault(undefined, reason)),
          async send([step]) {
            for (const { as, value, kind } of step.values) {
              const place = places.get(as)!;
              if (typeof value !== 'number') continue;
              const level = Math.round(value);
              if (!place.isNote) port.sendMessage([CONTROL_CHANGE | place.channel, place.number, level]);
              else if (level === place.low || !step.frame) noteOff(place);
              else {
                port.sendMessage([NOTE_ON | place.channel, place.number, level]);
                sounding.set(keyOf(place), { place, stream: step.stream });
                if (kind === 'trigger') setTimeout(endTrigger, TRIGGER_MS, place).unref();
              }
            }
            // With `to` from high to low, a note sounds while its switch is off.
            if (!step.frame)
              for (const { place, stream } of [...sounding.values()])
                if (stream === step.stream) noteOff(place);
            return undefined;
          },
          close() {
            try {
              // A note that nobody ends would sound for ever.
              for (const { place } of [...sounding.values()]) noteOff(place);
            } finally {
              sounding.clear();
              close();
            }
          },
        };
      },
    };
  },
};

interface Place {
  readonly isNote: boolean;
  /** 0 to 15. */
  readonly channel: number;
  readonly number: number;
  /** The level at which a note ends: the lower end, but a trigger has one level only. */
  readonly low: number;
}

const keyOf = ({ channel, number }: Place): string => `${channel}/${number}`;

/** Parses `cc/20`, `note/60` and `3/cc/20`, with a channel of its own. @throws BadSink */
function placeOf({ as = '', on, edge, to = [0, MAX] }: ValueOptions, channel: number): Place {
  const [, own, type, number] = /^(?:(\d{1,2})\/)?(cc|note)\/(\d{1,3})$/.exec(as) ?? [];
  const place = {
    isNote: type === 'note',
    channel: Number(own ?? channel) - 1,
    number: Number(number),
    low: edge === 'on' ? 0 : Math.round(Math.min(...to)),
  };
  if (!type || place.number > MAX || place.channel < 0 || place.channel > 15)
    throw new BadSink(
      'expected "cc/20", "note/60" or, with a channel of its own, "3/cc/20" as "as" of each value',
    );
  if (to.some((level) => level < 0 || level > MAX))
    throw new BadSink('expected levels from 0 to 127 as "to"');
  if (place.isNote && on === undefined)
    throw new BadSink('expected "on" for a note, which begins at that level');
  if (place.isNote && edge === 'off')
    throw new BadSink('expected no "edge" off for a note: swap "on" and "off"');
  if (place.isNote && edge !== 'on' && to.every((level) => Math.round(level) === place.low))
    throw new BadSink('expected two levels as "to" of a note: the lower one ends it');
  return place;
}
