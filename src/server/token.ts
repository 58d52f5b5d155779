import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * The shared token: `Authorization: Bearer TOKEN`, or `?token=TOKEN` where no header can be set, as for a
 * browser's WebSocket. Compared through a digest, so that neither length nor content show in the time.
 */
export function hasToken(
  token: string,
  request: { authorization: string | undefined; query: string | undefined },
): boolean {
  const bearer = /^Bearer +(.+)$/i.exec(request.authorization ?? '')?.[1];
  const given = bearer ?? request.query;
  return given !== undefined && timingSafeEqual(digest(given), digest(token));
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
