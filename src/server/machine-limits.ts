import { availableParallelism, totalmem } from 'node:os';
import { LIMITS, type Limits } from './limits.ts';

export interface Machine {
  readonly cores: number;
  /** Memory that this process may use. */
  readonly memoryBytes: number;
  /** Files and connections that this process may have open. */
  readonly openFiles: number;
}

/** Share of the memory that unread messages of clients may take, if all of them stop reading at once. */
const CLIENT_MEMORY_SHARE = 1 / 4;
/** Share of the open files that are left to the log, sources and uploads. */
const OTHER_FILES_SHARE = 1 / 4;
const MAX_SOCKETS = 20_000;

/**
 * The limits that depend on the machine, at least those of `LIMITS`. One computer may be behind every loopback
 * connection, such as a load test or a proxy, so loopback is limited by the total only.
 */
export function machineLimits(
  configured: Partial<Limits> = {},
  { cores, memoryBytes, openFiles }: Machine = thisMachine(),
): Partial<Limits> {
  const byMemory = (memoryBytes * CLIENT_MEMORY_SHARE) / LIMITS.clientBufferBytes;
  const byFiles = openFiles * (1 - OTHER_FILES_SHARE);
  const sockets =
    configured.sockets ?? Math.floor(Math.max(LIMITS.sockets, Math.min(MAX_SOCKETS, byMemory, byFiles)));
  return {
    sockets,
    socketsPerLoopback: configured.socketsPerAddress ?? sockets,
    // A connection that is no socket is a request, of which a client has a few at once.
    connectionsPerLoopback:
      configured.connectionsPerAddress ?? Math.max(LIMITS.connectionsPerAddress, 2 * sockets),
    analyses: Math.max(LIMITS.analyses, Math.floor(cores / 2)),
    ...configured,
  };
}

function thisMachine(): Machine {
  // 0 or a number beyond any memory: no limit by the system.
  const constrained = process.constrainedMemory?.() || Number.POSITIVE_INFINITY;
  return {
    cores: availableParallelism(),
    memoryBytes: Math.min(totalmem(), constrained),
    openFiles: maxOpenFiles(),
  };
}

/** Node.js raises the soft limit to the hard one when it starts. */
function maxOpenFiles(): number {
  // Not in the types of Node.js 20: without it, the report resolves the names of all peers.
  Object.assign(process.report, { excludeNetwork: true });
  const { userLimits } = process.report.getReport() as {
    readonly userLimits?: { readonly open_files?: { readonly soft: number | 'unlimited' } };
  };
  const soft = userLimits?.open_files?.soft;
  return typeof soft === 'number' ? soft : Number.POSITIVE_INFINITY; // Windows has no such limit.
}
