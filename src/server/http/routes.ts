import { type AnalyzeServices, analyzeRoutes } from '../analyze/routes.ts';
import { type IngestServices, ingestRoutes } from '../ingest/routes.ts';
import { type InputServices, inputRoutes } from '../inputs/routes.ts';
import { type LibraryServices, libraryRoutes } from '../library/routes.ts';
import { type LiveServices, liveRoutes } from '../live/routes.ts';
import { type MetricsServices, metricsRoutes } from '../metrics/routes.ts';
import { type ProfileServices, profileRoutes } from '../profiles/routes.ts';
import { type SessionServices, sessionRoutes } from '../sessions/routes.ts';
import { type SpectrogramServices, spectrogramRoutes } from '../spectrogram/routes.ts';
import { type StreamServices, streamRoutes } from '../streams/routes.ts';
import { type TokenServices, tokenRoutes } from '../tokens/routes.ts';
import { type DocsServices, docsRoutes } from './openapi.ts';

/** What the handlers of all topics use. */
export type Services = MetricsServices &
  LiveServices &
  SpectrogramServices &
  IngestServices &
  StreamServices &
  AnalyzeServices &
  SessionServices &
  ProfileServices &
  InputServices &
  TokenServices &
  LibraryServices &
  DocsServices;

/** Every topic's routes, with their handlers. A new topic is one folder and one line here. */
export const TOPICS = [
  metricsRoutes,
  liveRoutes,
  spectrogramRoutes,
  ingestRoutes,
  streamRoutes,
  analyzeRoutes,
  sessionRoutes,
  profileRoutes,
  inputRoutes,
  tokenRoutes,
  libraryRoutes,
  docsRoutes,
] as const;
