import { loadEngine } from '../model/engine.ts';
import { loadModel } from '../model/load.ts';
import { createStepper } from '../model/stepper.ts';
import { loadFft } from '../stream/fft.ts';
import { track } from '../tracker.ts';
import { VERSION } from '../version.ts';
import { LIMITS } from './limits.ts';
import { createLogger } from './logger.ts';
import type { ServeOptions } from './serve-options.ts';
import { openSources } from './serve-sources.ts';
import { createServer, type RunningServer } from './server.ts';
import { createWorkerAnalyzer } from './worker-analyzer.ts';

/** Puts the parts of `undertone serve` together; resolves when the server has gone down in good order. */
export async function serve(options: ServeOptions): Promise<void> {
  const token = options.token || undefined;
  const logger = createLogger(options.logLevel, options.logFormat);
  const sources = await openSources(options);
  const [engine, fft] = await Promise.all([loadEngine(options.engine), loadFft()]);
  const model = await loadModel(options.model, engine);
  const stepper = createStepper(model);
  const server = await createServer({
    startTracker: (source, stream) =>
      track(source, {
        stream,
        stepper,
        fft,
        onFault: (err) => logger.error({ stream, err }, 'An internal fault ended the stream.'),
      }),
    analyzer: createWorkerAnalyzer(options.model),
    model: model.name,
    engine: engine.name,
    dataDir: options.dataDir,
    sources,
    host: options.host,
    port: options.port,
    token,
    logger,
  });
  process.stdout.write(
    [
      `undertone ${VERSION}`,
      `  dashboard  ${server.url}${token === undefined ? '' : `?token=${encodeURIComponent(token)}`}`,
      ...sources.map(({ name, source }) => `  stream     ${name} (${source.uri})`),
      `  model      ${model.name} on ${engine.name}: ${engine.description}`,
      `  log        ${options.dataDir}`,
      'Ctrl-C ends it.\n',
    ].join('\n'),
  );
  await goodbye(server);
}

/** Waits for the signal to end, and ends in good order; a second signal, or too long a wait, ends at once. */
async function goodbye(server: RunningServer): Promise<void> {
  await new Promise<void>((resolve) => {
    let asked = false;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (asked) process.exit(1);
        asked = true;
        resolve();
      });
    }
  });
  setTimeout(() => process.exit(1), LIMITS.closeMs).unref();
  await server.close();
  // Whatever a source or an engine still holds on to, the log is written and everyone has been told.
  process.exit(0);
}
