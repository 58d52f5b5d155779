import { BlockList } from 'node:net';
import { UserError } from '../../user-error.ts';
import type { OpenStream, StreamPlan } from './stream-manager.ts';

/** Of a server without a configuration: no streams, and no permissions. */
export const NO_PLAN: StreamPlan = {
  streams: [],
  alerts: [],
  keep: undefined,
  remote: { schemes: [], folders: [], privateNetworks: new BlockList() },
};

/** Opens none: a server for tests, or inside another program. */
export const cannotOpen: OpenStream = async () => {
  throw new UserError('source-not-allowed', 'Streams cannot be added to this server.');
};
