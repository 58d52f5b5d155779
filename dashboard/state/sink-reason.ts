import { hasMessage, t } from './i18n.ts';

/** Why a sink is down, where the server gives a code of the system (`ECONNREFUSED`, `write EPIPE`); else its words. */
export function sinkReason(message: string): string {
  const key = `sinkDown.${message.split(' ').at(-1)}`;
  return hasMessage(key) ? t(key) : message;
}
