/** Offered beside the token's own by those who show it as a subprotocol; the server answers with this one. */
export const SUBPROTOCOL = 'undertone';
const TOKEN_PROTOCOL = /^bearer\.(.+)$/;

/**
 * The token that a request shows: `Authorization: Bearer TOKEN`; else, where no header can be set as in a
 * browser's WebSocket, the subprotocol `bearer.TOKEN` or `?token=TOKEN`.
 */
export function shownToken(request: {
  readonly authorization: string | undefined;
  readonly protocols: string | undefined;
  readonly query: string | undefined;
}): string | undefined {
  const bearer = /^Bearer +(\S+)$/i.exec(request.authorization ?? '')?.[1];
  const protocol = (request.protocols ?? '')
    .split(',')
    .map((part) => TOKEN_PROTOCOL.exec(part.trim())?.[1])
    .find((token) => token !== undefined);
  return bearer ?? protocol ?? request.query;
}
