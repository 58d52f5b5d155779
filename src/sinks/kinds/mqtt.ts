import { connect as connectTcp, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { IClientOptions, MqttClient } from 'mqtt';
import { within } from '../../util/within.ts';
import type { MappedValue } from '../mapping/mapping.ts';
import { faultOf, SinkFault } from '../sink-fault.ts';
import { BadSink, integerParam } from '../sink-uri.ts';
import { addressOf, checkTemplate } from './address.ts';
import { discoveryOf } from './home-assistant.ts';
import { guardedHost, parseHostPort } from './host.ts';
import type { SinkConnection, StreamSinkKind } from './stream-sink-kind.ts';

const DEFAULT_TOPIC = 'undertone/{stream}/{value}';
const CONNECT_MS = 10_000;
/** How long the broker may take to accept the last message. */
const CLOSE_MS = 500;

/**
 * MQTT 3.1.1: a topic per value, `null` where a stream has no such value. The topic `undertone/status` is `online`, and
 * `offline` by the broker's last will. Streams appear in Home Assistant by themselves.
 */
export const mqttSink: StreamSinkKind = {
  schemes: ['mqtt', 'mqtts'],
  usage: 'mqtt://HOST[:PORT]',
  about: 'MQTT, or mqtts:// over TLS; with discovery for Home Assistant',
  example:
    'mqtt://broker.local?topic=undertone/{stream}/{value}&every=2s&user=undertone&secretEnv=MQTT_PASSWORD',
  params: ['topic', 'qos', 'discovery'],
  remote: true,
  live: true,
  maxQueued: 64,
  wholeFrames: false,
  create(target) {
    const { values = [] } = target;
    const isTls = target.scheme === 'mqtts';
    if (!target.path.startsWith('//')) throw new BadSink(`expected ${target.scheme}://HOST:PORT`);
    const { host, port } = parseHostPort(target.path.slice(2), isTls ? 8883 : 1883);
    const template = target.params.get('topic') ?? DEFAULT_TOPIC;
    for (const topic of [template, ...values.map(({ as }) => as ?? template)]) checkTopic(topic);
    const qos = integerParam(target, 'qos', { min: 0, max: 2, default: 0 }) as 0 | 1 | 2;
    const prefix = target.params.get('discovery') ?? 'homeassistant';
    checkTopic(prefix);
    const availabilityTopic = `${baseOf(template)}/status`;
    const will = { topic: availabilityTopic, payload: Buffer.from('offline'), qos: 1, retain: true } as const;
    const options: IClientOptions = {
      ...(target.user !== undefined && { username: target.user }),
      ...(target.secret !== undefined && { password: target.secret }),
      will,
      connectTimeout: CONNECT_MS,
      reconnectPeriod: 0, // The link reconnects.
      queueQoSZero: false,
    };
    const discovery = { prefix, availabilityTopic, template, values };
    return {
      host,
      async open({ guard, signal }) {
        const { MqttClient } = await import('mqtt');
        const to = { ...guardedHost(host, guard), port };
        const client = new MqttClient(
          () =>
            isTls ? connectTls({ ...to, ...(isIP(host) === 0 && { servername: host }) }) : connectTcp(to),
          { ...options }, // The client changes them.
        );
        const online = () => client.publishAsync(availabilityTopic, 'online', { qos: 1, retain: true });
        const { lost } = await connected(client, signal, online);
        return connection(client, lost, {
          template,
          qos,
          discovery: prefix === 'off' ? undefined : discovery,
        });
      },
    };
  },
};

/**
 * Resolves, once the broker has accepted the client and `first`, with the promise of its loss (in an object, since an
 * async function would wait for it).
 *
 * @param first a publication; it alone would wait for ever when the broker closes the connection because of it
 */
async function connected(
  client: MqttClient,
  signal: AbortSignal,
  first: () => Promise<unknown>,
): Promise<{ lost: Promise<SinkFault> }> {
  const stop = () => client.end(true);
  let fault: SinkFault | undefined;
  const lost = new Promise<SinkFault>((resolve) => {
    client.on('error', (error) => (fault ??= faultOf(error)));
    client.on('close', () => resolve(fault ?? new SinkFault('closed', 'the broker closed the connection')));
  });
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  try {
    await new Promise<void>((resolve, reject) => {
      client.once('connect', () => first().then(() => resolve(), reject));
      client.once('error', reject);
      void lost.then(reject);
    });
  } catch (error) {
    client.end(true);
    throw error;
  } finally {
    signal.removeEventListener('abort', stop); // From now on, `close` ends it.
  }
  return { lost };
}

interface ConnectionOptions {
  readonly template: string;
  readonly qos: 0 | 1 | 2;
  readonly discovery: Parameters<typeof discoveryOf>[1] | undefined;
}

function connection(
  client: MqttClient,
  lost: Promise<SinkFault>,
  options: ConnectionOptions,
): SinkConnection {
  const { template, qos, discovery } = options;
  const announced = new Set<string>();
  return {
    lost,
    async send([step]) {
      if (discovery && !announced.has(step.stream)) {
        announced.add(step.stream);
        const messages = discoveryOf(step.stream, discovery);
        await Promise.all(
          messages.map(({ topic, payload }) => client.publishAsync(topic, payload, { qos: 1, retain: true })),
        );
      }
      await Promise.all(
        step.values.map((value) =>
          client.publishAsync(addressOf(template, step, value), payloadOf(value), { qos }),
        ),
      );
      return undefined;
    },
    async close() {
      // The will is not sent after an orderly end. When the broker accepts this, it has the last values, too.
      const { topic, payload } = client.options.will!;
      const offline = () => client.publishAsync(topic, payload, { qos: 1, retain: true });
      const isOrderly = client.connected && (await within(CLOSE_MS, offline()).catch(() => false));
      await client.endAsync(!isOrderly); // The process may end next.
    },
  };
}

function payloadOf({ value }: MappedValue): string {
  return Array.isArray(value) ? JSON.stringify(value) : String(value);
}

/** `undertone` of `undertone/{stream}/{value}`. */
function baseOf(template: string): string {
  const fixed = template.split('{')[0]!.replace(/\/+[^/]*$/, '');
  return fixed === '' ? 'undertone' : fixed;
}

/** @throws BadSink */
function checkTopic(topic: string): void {
  checkTemplate(topic);
  if (topic === '' || /[+#\0]|^\/|\/$|\/\//.test(topic))
    throw new BadSink('expected a topic such as "undertone/{stream}/{value}", without + and #');
}
