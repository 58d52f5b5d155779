import { createWorkerAnalyzer as createRecordingAnalyzer } from '../library/analysis/worker-analyzer.ts';
import { readPassphrase } from '../log/passphrase.ts';
import { ProfileStore } from '../profiles/profile-store.ts';
import { sinkName } from '../sinks/sink-uri.ts';
import { UserError } from '../user-error.ts';
import { VERSION } from '../util/package.ts';
import { withoutSecrets } from '../util/without-secrets.ts';
import { createWorkerAnalyzer } from './analyze/worker-analyzer.ts';
import { closeWithin } from './close-within.ts';
import { createReloader } from './config/reloader.ts';
import { readSettings, type ServeOptions, type Settings } from './config/settings.ts';
import { LIMITS, MAX_STREAMS } from './limits.ts';
import { createLogger } from './logger.ts';
import { machineLimits } from './machine-limits.ts';
import { StreamProfiles } from './profiles/stream-profiles.ts';
import { createServer } from './server.ts';
import type { RunningServer } from './server-options.ts';
import { usableCores } from './streams/capacity.ts';
import { checkStreams } from './streams/check-streams.ts';
import { allSourcesFailed, type NamedSource, openSources } from './streams/command-line-sources.ts';
import { createStreamOpener, type StreamOpener } from './streams/open-stream.ts';

/**
 * `undertone serve`: reads the settings, loads the model, runs the server, and exits the process after a signal.
 *
 * @throws UserError for invalid settings, and if every source given on the command line fails
 */
export async function serve(options: ServeOptions): Promise<void> {
  const settings = readSettings(options);
  const passphrase = readPassphrase(options.passphraseFile) ?? settings.passphrase;
  const logger = createLogger(settings.logLevel, settings.logFormat);
  const sources = await openSources(settings);
  const profiles = new StreamProfiles(new ProfileStore(settings.dataDir), logger);
  const opener = await createStreamOpener(settings, logger, profiles);

  const otherSources = sources.map(({ name, source: { uri } }) => ({ name, uri }));
  const check = ({ plan }: Settings) => checkStreams(plan.streams, { open: opener.open, otherSources });
  await check(settings).catch((error) => {
    // At the start, an invalid stream is a usage error, like an invalid source on the command line.
    throw error instanceof UserError ? new UserError('usage', error.message, { cause: error }) : error;
  });

  const server = await createServer({
    ...settings,
    passphrase,
    // Without a limit of the configuration, the capacity of the machine counts, not the number of streams.
    limits: { streams: MAX_STREAMS, ...machineLimits(settings.limits) },
    ...(settings.limits.streams === undefined && { cores: usableCores() }),
    cost: opener.cost,
    fingerprint: opener.fingerprint,
    startTracker: opener.startTracker,
    open: opener.open,
    model: opener.model,
    engine: opener.engine.name,
    profiles,
    analyzer: createWorkerAnalyzer(settings.model),
    libraryAnalyzer: () => createRecordingAnalyzer(settings.model),
    sources,
    logger,
  });
  startOutput(settings).write(startText(settings, opener, server, sources));

  const reload =
    options.config === undefined ? undefined : createReloader({ options, settings, check, server, logger });
  const error = await Promise.race([
    shutdownSignal(reload),
    allSourcesFailed({ server, sources, settings, logger }),
  ]);
  process.on('exit', server.closeLog); // Of a second signal, too.
  const isClosed = await closeWithin(server, LIMITS.closeMs, logger);
  if (error) {
    // A source or an engine may still hold resources after the error is printed.
    setTimeout(() => process.exit(1), EXIT_MS).unref();
    throw error;
  }
  if (!isClosed) process.exit(1);
  // A source or an engine may still hold resources; the log is written and all clients are closed.
  process.exit(0);
}

const EXIT_MS = 1000;

/** Where the text at the start is printed: standard output belongs to a sink `stdout:` if there is one. */
function startOutput(settings: Settings): NodeJS.WriteStream {
  return sinksOf(settings).includes('stdout:') ? process.stderr : process.stdout;
}

/** The names of all sinks, each once. */
function sinksOf({ plan }: Settings): string[] {
  const all = [...(plan.sinks ?? []), ...plan.streams.flatMap(({ sinks = [] }) => sinks)];
  return [...new Set(all.map(({ sink }) => sinkName(sink)))];
}

function startText(
  settings: Settings,
  { model, engine }: StreamOpener,
  { url }: RunningServer,
  sources: readonly NamedSource[],
): string {
  const isFallback = settings.sources.length === 0 && sources.some(({ source }) => source.uri === 'demo:');
  const note = isFallback ? ': no audio input found, see "undertone devices"' : '';
  const streams = [
    ...sources.map(({ name, source }) => `${name} (${source.uri})${note}`),
    ...settings.plan.streams.map(({ name, source }) => `${name} (${withoutSecrets(source)})`),
  ];
  return [
    `undertone ${VERSION}`,
    `  dashboard  ${url}${tokenQuery(settings)}`,
    ...streams.map((stream) => `  stream     ${stream}`),
    `  model      ${model} on ${engine.name}: ${engine.description}`,
    ...sinksOf(settings).map((sink) => `  sink       ${sink}`),
    `  log        ${settings.dataDir}`,
    'Press Ctrl-C to stop.\n',
  ].join('\n');
}

/** The token is shown on a terminal only: supervisors of services store their output. */
function tokenQuery({ token }: Settings): string {
  if (token === undefined) return '';
  return process.stdout.isTTY ? `?token=${encodeURIComponent(token)}` : '?token=TOKEN';
}

/**
 * Resolves at the first SIGINT or SIGTERM; a second one exits at once. SIGHUP reloads the configuration, or shuts
 * down if there is none.
 */
async function shutdownSignal(reload: (() => void) | undefined): Promise<undefined> {
  await new Promise<void>((resolve) => {
    let isShuttingDown = false;
    const shutDown = () => {
      if (isShuttingDown) process.exit(1);
      isShuttingDown = true;
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, shutDown);
    process.on('SIGHUP', reload ?? shutDown);
  });
  return undefined;
}
