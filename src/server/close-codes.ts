/** How a socket is closed for a fault: 4000 + the HTTP status that says the same, where RFC 6455 has none. */
export const CLOSE_CODES = {
  'going-away': 1001,
  'message-too-big': 1009,
  internal: 1011,
  'bad-request': 4400,
  'bad-name': 4400,
  'bad-hello': 4400,
  'bad-message': 4400,
  'token-expired': 4401,
  'hello-timeout': 4408,
  'audio-timeout': 4408,
  'stream-busy': 4409,
  'bad-audio': 4415,
  'too-many-streams': 4429,
} as const satisfies Record<string, number>;

export type SocketFault = keyof typeof CLOSE_CODES;
