import type { WebSocket } from 'ws';

/** Pings every socket and ends those that have not answered the ping before. Returns the way to stop. */
export function startHeartbeat(sockets: () => Iterable<WebSocket>, pingMs: number): () => void {
  const asked = new WeakSet<WebSocket>();
  const timer = setInterval(() => {
    for (const socket of sockets()) {
      // A paused socket cannot be heard: its answer waits behind the audio that it is paused for.
      if (socket.readyState !== socket.OPEN || socket.isPaused) continue;
      if (asked.has(socket)) socket.terminate();
      else {
        asked.add(socket);
        socket.once('pong', () => asked.delete(socket));
        socket.ping();
      }
    }
  }, pingMs);
  timer.unref();
  return () => clearInterval(timer);
}
