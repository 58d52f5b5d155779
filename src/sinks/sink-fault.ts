import type { ReasonValues } from '../user-error.ts';

/** Why a sink is down, for programs and other languages than that of its sentence. */
export interface SinkFault {
  readonly reasonCode: string;
  readonly reasonValues?: ReasonValues | undefined;
}

/** The sentences of the kinds of sinks (kinds/, link.ts), as far as they have a code; the groups are the values. */
const FAULTS: readonly (readonly [RegExp, string])[] = [
  [/^it answered (?<status>\d+)/, 'http-status'],
  [/^no answer within (?<seconds>[\d.]+) s$/, 'timeout'],
  [/^it did not answer$/, 'no-answer'],
  [/^(the broker closed the connection|the connection was closed|it was closed)$/, 'closed'],
  [/^its address is in a private network$/, 'forbidden-address'],
  [/^another sink writes there$/, 'in-use'],
  [/^this computer has no address (?<address>.+)$/, 'no-address'],
  [/^the disk of (?<path>.+) is full$/, 'disk-full'],
  [/^the disk quota for (?<path>.+) is used up$/, 'disk-full'],
  [/^(?<path>.+) may not be written: /, 'not-writable'],
  [/^(?<path>.+) is on a read-only file system$/, 'not-writable'],
  [/^the folder (?<path>.+) does not exist$/, 'no-folder'],
  [/^(?<path>.+) has other content: /, 'other-content'],
  [/^(standard output is closed|nobody reads standard output)$/, 'no-reader'],
];

/** `ECONNREFUSED`, `write EPIPE` */
const SYSTEM = /^(?:\w+ )?(E[A-Z_]+)$/;

/** The code of a reason, that of the system if it is one, and its values; undefined: there is only the sentence. */
export function sinkFault(reason: string): SinkFault | undefined {
  const [, system] = SYSTEM.exec(reason) ?? [];
  if (system !== undefined) return { reasonCode: system };
  for (const [pattern, reasonCode] of FAULTS) {
    const found = pattern.exec(reason);
    if (!found) continue;
    const values = Object.entries(found.groups ?? {}).map(([name, text]) => [
      name,
      name === 'path' || name === 'address' ? text : Number(text),
    ]);
    return { reasonCode, ...(values.length > 0 && { reasonValues: Object.fromEntries(values) }) };
  }
  return undefined;
}
