import type { LiveMessage } from '../types.ts';

const KNOWN: Readonly<Record<LiveMessage['type'], true>> = {
  hello: true,
  emotion: true,
  skipped: true,
  notice: true,
  session: true,
  error: true,
  'stream-started': true,
  'stream-stopped': true,
  'source-lost': true,
  'source-restored': true,
  gap: true,
  'alert-raised': true,
  'alert-cleared': true,
};

/** One text message of `/v1/live`; null for what this client does not know (a newer server may say more). */
export function parseLive(text: string): LiveMessage | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || !('type' in value)) return null;
  return typeof value.type === 'string' && Object.hasOwn(KNOWN, value.type) ? (value as LiveMessage) : null;
}
