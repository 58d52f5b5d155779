import { VERSION } from '../../util/package.ts';
import type { ValueOptions } from '../mapping/mapping.ts';
import { SINK_VALUES } from '../mapping/values.ts';
import { fillTemplate } from './address.ts';

export interface DiscoveryOptions {
  /** Home Assistant's own prefix, `homeassistant` by default there. */
  readonly prefix: string;
  readonly availabilityTopic: string;
  /** Topic of a value that has no topic of its own. */
  readonly template: string;
  readonly values: readonly ValueOptions[];
}

export interface DiscoveryMessage {
  readonly topic: string;
  readonly payload: string;
}

/**
 * The messages with which a stream appears in Home Assistant: one device with a sensor for each value, two for a
 * forecast, and a binary sensor for each switch. A trigger has no state, and so no sensor.
 * www.home-assistant.io/integrations/mqtt/#mqtt-discovery
 */
export function discoveryOf(stream: string, options: DiscoveryOptions): DiscoveryMessage[] {
  const { prefix, availabilityTopic, template, values } = options;
  const device = {
    identifiers: [slug(`${availabilityTopic}/${stream}`)],
    name: `undertone ${stream}`,
    manufacturer: 'undertone',
    sw_version: VERSION,
  };
  return values.flatMap(({ value, as, on, edge = 'both', to }) => {
    if (edge !== 'both') return [];
    const topic = fillTemplate(as ?? template, stream, value);
    const { unit, range } = SINK_VALUES.get(value)!;
    const message = (component: string, part: string, config: Record<string, unknown>): DiscoveryMessage => {
      const id = slug(`${topic}${part}`);
      const name = `${value}${part}`.replace(/^forecast\/([\d.]+)/, 'forecast $1 s').replaceAll('/', ' ');
      const common = {
        name,
        unique_id: id,
        state_topic: topic,
        availability_topic: availabilityTopic,
        device,
      };
      return {
        topic: `${prefix}/${component}/${id}/config`,
        payload: JSON.stringify({ ...common, ...config, origin: { name: 'undertone', sw_version: VERSION } }),
      };
    };
    if (on !== undefined) {
      const [off, onValue] = to ?? [0, 1];
      return [message('binary_sensor', '', { payload_on: String(onValue), payload_off: String(off) })];
    }
    const number = range && { state_class: 'measurement', suggested_display_precision: 2 };
    const unitOf = unit && !to ? { unit_of_measurement: unit } : {};
    if (/^forecast\/[\d.]+$/.test(value))
      return ['/valence', '/arousal'].map((part, i) =>
        message('sensor', part, {
          ...number,
          value_template: `{{ value_json[${i}] if value_json else None }}`,
        }),
      );
    // Home Assistant shows None as "unknown".
    return [
      message('sensor', '', {
        ...number,
        ...unitOf,
        value_template: "{{ None if value == 'null' else value }}",
      }),
    ];
  });
}

/** Ids may contain letters, digits, underscores and hyphens only. */
const slug = (text: string): string => text.replace(/[^a-zA-Z0-9_-]+/g, '_');
