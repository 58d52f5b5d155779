import type { Logger } from 'pino';
import { readPassphrase } from '../log/passphrase.ts';
import { loadActivityDetector } from '../model/activity/activity-detector.ts';
import { loadEngine } from '../model/engine.ts';
import { loadFft } from '../stream/fft.ts';
import { publicOnly } from '../stream/sources/http/address-guard.ts';
import { openSource } from '../stream/sources/index.ts';
import { persistentSource } from '../stream/sources/persistent.ts';
import { track } from '../tracker.ts';
import type { PublishedMessage } from '../types.ts';
import { UserError } from '../user-error.ts';
import { VERSION } from '../util/package.ts';
import { withoutSecrets } from '../util/without-secrets.ts';
import { createWorkerAnalyzer } from './analyze/worker-analyzer.ts';
import { reloader } from './config/reloader.ts';
import type { ServeOptions } from './config/serve-options.ts';
import { readSettings, type Settings } from './config/settings.ts';
import { LIMITS } from './limits.ts';
import { createLogger } from './logger.ts';
import { createServer, type RunningServer } from './server.ts';
import { checkStreams } from './streams/check-streams.ts';
import type { StartTracker } from './streams/hub.ts';
import { ModelPool } from './streams/model-pool.ts';
import { type NamedSource, openSources } from './streams/serve-sources.ts';
import type { OpenStream } from './streams/stream-manager.ts';

/**
 * Puts the parts of `undertone serve` together; resolves when the server has gone down in good order.
 *
 * @throws UserError also where nothing of what the command line asked for can ever be heard
 */
export async function serve(options: ServeOptions): Promise<void> {
  const settings = readSettings(options);
  const passphrase = readPassphrase(options.passphraseFile) ?? settings.passphrase;
  const logger = createLogger(settings.logLevel, settings.logFormat);
  const sources = await openSources(settings);
  const [engine, fft, detector] = await Promise.all([
    loadEngine(settings.engine),
    loadFft(),
    loadActivityDetector(),
  ]);
  const models = new ModelPool(engine);
  const { model } = await models.stepper(settings.model);

  const trackerOf =
    (stepper: Awaited<ReturnType<ModelPool['stepper']>>): StartTracker =>
    (source, stream) =>
      track(source, {
        stream,
        stepper,
        fft,
        detector,
        onFault: (err) => logger.error({ stream, err }, 'An internal fault ended the stream.'),
      });

  const open: OpenStream = async (entry, remote) => {
    const name = entry.model ?? settings.model;
    const stepper = await (remote ? models.remoteStepper(name) : models.stepper(name));
    const source = openSource(entry.source, {
      folder: settings.folder,
      ...(settings.stdin && { pcm: settings.stdin }),
      ...(remote && { guard: publicOnly(remote.privateNetworks) }),
    });
    return {
      // What was read from a pipe is gone: trying again is of no use there.
      source: entry.source.startsWith('stdin:') ? source : persistentSource(source),
      startTracker: trackerOf(stepper),
      model: stepper.model.name,
    };
  };

  const beside = sources.map(({ name, source: { uri } }) => ({ name, uri }));
  const check = ({ plan }: Settings) => checkStreams(plan.streams, { open, beside });
  await check(settings).catch((fault) => {
    // As with a source on the command line that cannot be.
    throw fault instanceof UserError ? new UserError('usage', fault.message, { cause: fault }) : fault;
  });

  const server = await createServer({
    ...settings,
    passphrase,
    startTracker: trackerOf(await models.stepper(settings.model)),
    analyzer: createWorkerAnalyzer(settings.model),
    model: model.name,
    engine: engine.name,
    sources,
    open,
    logger,
  });
  process.stdout.write(
    [
      `undertone ${VERSION}`,
      `  dashboard  ${server.url}${tokenFor(settings)}`,
      ...sources.map(({ name, source }) => `  stream     ${name} (${source.uri})`),
      ...settings.plan.streams.map(({ name, source }) => `  stream     ${name} (${withoutSecrets(source)})`),
      `  model      ${model.name} on ${engine.name}: ${engine.description}`,
      `  log        ${settings.dataDir}`,
      'Ctrl-C ends it.\n',
    ].join('\n'),
  );
  const reload =
    options.config === undefined ? undefined : reloader({ options, settings, check, server, logger });
  const fault = await Promise.race([goodbye(reload), nothingToHear(server, sources, settings, logger)]);
  setTimeout(() => process.exit(1), LIMITS.closeMs).unref();
  await server.close();
  if (fault) throw fault;
  // Whatever a source or an engine still holds on to, the log is written and everyone has been told.
  process.exit(0);
}

/** For the one who looks on only: what a service writes is kept by its supervisor. */
function tokenFor({ token }: Settings): string {
  if (token === undefined) return '';
  return process.stdout.isTTY ? `?token=${encodeURIComponent(token)}` : '?token=TOKEN';
}

/**
 * Waits for the signal to end; a second one, or too long a wait, ends at once. A hang-up reads the
 * configuration again where there is one, and ends where there is none.
 */
async function goodbye(reload: (() => void) | undefined): Promise<undefined> {
  await new Promise<void>((resolve) => {
    let asked = false;
    const end = () => {
      if (asked) process.exit(1);
      asked = true;
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, end);
    process.on('SIGHUP', reload ?? end);
  });
  return undefined;
}

/**
 * Resolves with the fault when all sources that the command line named have failed without a single frame and
 * nothing else runs: a server that stays up for nothing would hide a slip of the pen.
 */
function nothingToHear(
  { hub, sinks }: RunningServer,
  sources: readonly NamedSource[],
  { streamsNamed, sources: asked }: Settings,
  logger: Logger,
): Promise<UserError> {
  return new Promise((resolve) => {
    if (asked.length === 0) return;
    const unheard = new Set(sources.map(({ name }) => name));
    let heard = streamsNamed;
    const remove = sinks.add({ name: 'first-frames', write });
    function write({ message }: PublishedMessage): void {
      if (!unheard.has(message.stream)) return;
      if (message.type === 'emotion' || message.type === 'stream-stopped') unheard.delete(message.stream);
      if (message.type === 'emotion') heard = true;
      else if (message.type === 'stream-stopped' && message.code !== undefined) {
        logger.error(
          { stream: message.stream },
          `The source "${message.stream}" cannot be heard: ${message.message}`,
        );
        if (!heard && unheard.size === 0 && hub.running === 0)
          resolve(new UserError(message.code, message.message));
      }
      if (unheard.size === 0) remove();
    }
  });
}
