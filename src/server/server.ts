import { join } from 'node:path';
import { pino } from 'pino';
import { defaultLibraryFile } from '../library/store/library-database.ts';
import { Log } from '../log/log.ts';
import { ProfileStore } from '../profiles/profile-store.ts';
import { createMidiMarkers } from '../sessions/midi-markers.ts';
import { Sessions } from '../sessions/sessions.ts';
import { Alerts } from '../sinks/alerts/alerts.ts';
import { createFanOut } from '../sinks/fan-out.ts';
import { createSinks } from '../sinks/index.ts';
import { createStreamSinks } from '../sinks/stream-sinks.ts';
import { createWebhooks } from '../sinks/webhooks.ts';
import { listDevices } from '../stream/sources/soundcard/devices.ts';
import type { ServerNotice } from '../types.ts';
import { UserError } from '../user-error.ts';
import { ClockWatch } from '../util/clock-watch.ts';
import { VERSION } from '../util/package.ts';
import { within } from '../util/within.ts';
import { type Access, OPEN_ACCESS } from './auth/access.ts';
import { AUDIT_FILE, Audit } from './auth/audit.ts';
import { AuthMiddleware } from './auth/middleware.ts';
import { OpenRequests } from './auth/open-requests.ts';
import { isLoopback } from './auth/origin.ts';
import { requireToken } from './auth/require-token.ts';
import { TOKEN_FILE } from './auth/token-file.ts';
import { Tokens } from './auth/tokens.ts';
import { AddressCount } from './http/address-count.ts';
import { createApp } from './http/app.ts';
import { DASHBOARD_FOLDER } from './http/dashboard-files.ts';
import { HttpServer } from './http/http-server.ts';
import { Folders } from './library/folders.ts';
import { Library } from './library/library.ts';
import { LIMITS, type Limits } from './limits.ts';
import { Live } from './live/live.ts';
import { Metrics } from './metrics/metrics.ts';
import { Profiles } from './profiles/profiles.ts';
import { StreamProfiles } from './profiles/stream-profiles.ts';
import { createDailyReports } from './reports/daily-reports.ts';
import { encryptedSeal } from './restart/seal.ts';
import { WarmRestart } from './restart/warm-restart.ts';
import type { RunningServer, ServerOptions } from './server-options.ts';
import { Spectrograms } from './spectrogram/spectrograms.ts';
import { ClockChanges } from './streams/clock-changes.ts';
import { droppedStreams } from './streams/dropped-streams.ts';
import { Hub } from './streams/hub.ts';
import { MANAGED_FILE } from './streams/managed-file.ts';
import { cannotOpen, NO_PLAN } from './streams/no-plan.ts';
import { StreamManager } from './streams/stream-manager.ts';

/**
 * Creates the services, connects them, and listens.
 *
 * @throws UserError `usage`, `port-in-use`, `port-forbidden`, `bad-host`, `bad-tokens`, `bad-managed`, `data-dir`, and those of the log
 */
export async function createServer(options: ServerOptions): Promise<RunningServer> {
  const { startTracker, model, engine, dataDir, host = '127.0.0.1', port = 8787, tls } = options;
  const limits: Limits = { ...LIMITS, ...options.limits };
  const logger = options.logger ?? pino({ level: 'silent' });
  const about = { version: VERSION, model, engine };

  const tokenFile = options.tokenFile ?? join(dataDir, TOKEN_FILE);
  const tokens = new Tokens({
    file: tokenFile,
    master: options.token,
    onError: (err) => logger.error(err instanceof UserError ? err.message : err),
  });
  requireToken(host, tokens);
  const accessOf = (given: Partial<Access> = {}): Access => ({
    ...OPEN_ACCESS,
    ...given,
    tokensRequired: given.tokensRequired || !isLoopback(host) || options.token !== undefined,
  });
  let access = accessOf(options.access);
  const audit = new Audit(join(dataDir, AUDIT_FILE), logger);
  const openRequests = new OpenRequests(tokens);
  const auth = new AuthMiddleware({
    tokens,
    access: () => access,
    audit,
    openRequests,
    host,
    port: () => server.port,
  });

  const log = new Log({
    dataDir,
    onNotice: notify,
    onFlush: (ms, messages) => metrics.countFlush(ms, messages),
    onUpkeepError: (err) =>
      logger.error({ err }, 'The maintenance of the log failed; written frames are safe.'),
    onRetentionHeld: (untilMs) =>
      logger.warn(
        `The clock is more than a day ahead of when the log was last maintained: until ${new Date(untilMs).toISOString()} nothing is dropped from the log that this makes too old. Check the clock.`,
      ),
    passphrase: options.passphrase,
  });
  const alerts = new Alerts();
  const sinks = createFanOut({ transform: (message) => alerts.transform(message), logger });
  const clock = new ClockChanges({ watch: new ClockWatch(), log, logger });
  const streamProfiles = options.profiles ?? new StreamProfiles(new ProfileStore(dataDir), logger);
  const restart = new WarmRestart({
    dataDir,
    limits,
    log,
    logger,
    streams: () => hub.savable(),
    ...(log.key !== undefined && { seal: encryptedSeal(log.key) }),
  });
  const { cost, cores, fingerprint, warmRestart = true } = options;
  const spectrograms = new Spectrograms();
  const hub: Hub = new Hub({
    spectrograms,
    startTracker,
    cost,
    cores,
    fingerprint,
    restart,
    log,
    sinks,
    model,
    limits,
    alerts,
    clock,
    profiles: streamProfiles,
    from: (stream) => manager.from(stream),
    formerly: (stream) => log.renamings.formerly(stream),
    onRemoved: (notice) => {
      log.renamings.add(notice);
      live.notifyRemoved(notice);
    },
  });
  const webhooks = createWebhooks(options.webhooks ?? [], logger);
  const streamSinks = createStreamSinks({ logger, isLeaving: (stream) => hub.isLeaving(stream) });
  const dailyReports = createDailyReports({ log, logger, webhooks });
  const live = new Live({ hub, log, limits, about });
  const sessions = new Sessions({
    log,
    hasStream: (name) => hub.get(name) !== undefined,
    removal: (name) => hub.removal(name),
    maxMarkers: limits.markers,
    eraseFrames: options.eraseFrames,
    onChange: (notice) => live.notifySession(notice),
    checkClock: () => hub.checkClock(),
  });
  const midiMarkers = createMidiMarkers({ sessions, logger });
  const manager = new StreamManager(options.plan ?? NO_PLAN, {
    hub,
    alerts,
    profiles: streamProfiles,
    streamSinks,
    open: options.open ?? cannotOpen,
    file: join(dataDir, MANAGED_FILE),
    setRetention: (stream, ms) => log.setRetention(stream, ms),
    logger,
  });
  const socketCount = new AddressCount({
    perAddress: limits.socketsPerAddress,
    perLoopback: limits.socketsPerLoopback,
    total: limits.sockets,
  });
  const libraryFile = options.library ?? defaultLibraryFile(dataDir);
  const library = new Library({ file: libraryFile, hub });
  const folders = new Folders({
    file: libraryFile,
    model,
    createAnalyzer: options.libraryAnalyzer,
    allowed: () => manager.remote.folders,
    logger,
  });
  const metrics = new Metrics(
    { hub, log, live, socketCount, auth, alerts, sinks, webhooks, streamSinks },
    about,
  );
  const onStreamStarted = (stream: string) => manager.streamStarted(stream);
  for (const sink of createSinks({
    log,
    live,
    logger,
    metrics,
    library,
    webhooks,
    streamSinks,
    onStreamStarted,
  }))
    sinks.add(sink);

  const app = createApp({
    hub,
    manager,
    live,
    spectrograms,
    log,
    sessions,
    letterhead: options.letterhead ?? [],
    library,
    folders,
    profiles: new Profiles({ hub, streamProfiles, limits }),
    listDevices: options.listDevices ?? listDevices,
    openInput: options.openInput,
    tokens: {
      file: tokenFile,
      required: () => access.tokensRequired,
      proxies: () => access.proxies,
      onChange: () => tokens.reload(),
    },
    metrics,
    auth,
    socketCount,
    limits,
    logger,
    about,
    dashboardFolder: options.dashboardFolder ?? DASHBOARD_FOLDER,
    analyze: { analyzer: options.analyzer, limits, folder: join(dataDir, 'uploads') },
  });
  const server = new HttpServer(app, {
    host,
    port,
    limits,
    tls,
    proxies: () => access.proxies,
    onSocket: (socket, request) => openRequests.opened(socket, request),
  });

  try {
    if (warmRestart) await restart.load(); // Before a client can start a stream.
    await server.listen();
    if (warmRestart) restart.start();
    const sources = options.sources ?? [];
    for (const { name, source } of sources) hub.add(name, source);
    manager.start(log.history.streams());
    const names = [...sources.map(({ name }) => name), ...manager.names];
    for (const notice of droppedStreams(log, names, { limit: limits.stoppedStreams, nowMs: Date.now() }))
      if (hub.dropped(notice)) live.notifyRemoved(notice);
    midiMarkers.set(options.midiIn);
    dailyReports.set(options.reports ?? []);
    folders.resume();
  } catch (error) {
    await close();
    throw error;
  }

  let closing: Promise<void> | undefined;
  return {
    url: server.url,
    port: server.port,
    hub,
    sinks,
    routes: app.routes,
    async reload(next) {
      // First what can fail, so that either everything changes or nothing.
      server.replaceTls(next.tls);
      const before = access;
      access = accessOf(next.access);
      if (before.tokensRequired && !access.tokensRequired)
        logger.warn('The configuration no longer requires tokens: every client can use the API.');
      webhooks.set(next.webhooks);
      midiMarkers.set(next.midiIn);
      dailyReports.set(next.reports ?? []);
      audit.record({ what: 'reload', who: 'SIGHUP', from: 'local' });
      await manager.reload(next.plan);
    },
    close: () => (closing ??= close()),
    closeLog() {
      try {
        log.close();
      } catch {
        // An export is still reading it; what waited is written.
      }
    },
  };

  function notify(notice: ServerNotice): void {
    logger[notice.code === 'log-restored' ? 'info' : 'error']({ code: notice.code }, notice.message);
    live.notify(notice);
  }

  async function close(): Promise<void> {
    server.stopListening();
    manager.close();
    midiMarkers.close();
    webhooks.close(); // Before the streams stop, so that the alerts which that ends are not sent.
    // Nothing that does not end may keep the log from being closed: together three quarters of the time.
    const phaseMs = limits.closeMs / 4;
    await within(phaseMs, hub.close());
    await restart.close(phaseMs);
    log.flush();
    openRequests.close();
    tokens.close();
    await Promise.all([
      sinks.close(phaseMs),
      server.closeSockets(phaseMs),
      within(phaseMs, folders.close()),
      within(phaseMs, dailyReports.close()),
    ]);
    library.close();
    server.closeConnections();
    log.close();
  }
}
