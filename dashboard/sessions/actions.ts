import { batch, signal } from '@preact/signals';
import { ApiError, type Marker } from '../../src/client/index.ts';
import { client } from '../live/client.ts';
import { sentenceOf } from '../live/sentence-of.ts';
import { chosen } from '../state/store.ts';
import { openMarkers, openSession, refreshOpenSession } from './open-session.ts';
import { serverTimeMs } from './server-time.ts';

/** What went wrong with the last thing that was done; null: nothing. */
export const sessionFault = signal<string | null>(null);
/** Markers that were set and have not reached the server yet. */
export const markersOnTheWay = signal(0);
/** The marker that a note goes to: the newest one that was set here. */
export const noteFor = signal<Marker | null>(null);

const RETRY_MS = 2_000;

export async function startSession(): Promise<void> {
  const stream = chosen.peek();
  if (stream === null || openSession.peek() !== null) return;
  await tried(async () => {
    const session = await client.sessions.start({ stream });
    batch(() => {
      openSession.value = session;
      openMarkers.value = [];
      noteFor.value = null;
    });
  });
}

export async function stopSession(): Promise<void> {
  const session = openSession.peek();
  if (session === null) return;
  await tried(async () => {
    await client.sessions.stop(session.id);
    await refreshOpenSession();
    noteFor.value = null;
  });
}

/**
 * Marks this moment. Its time is taken now, whatever the network does: where the server cannot be reached,
 * the marker is sent again until it has it.
 */
export async function setMarker(): Promise<void> {
  const session = openSession.peek();
  if (session === null) return;
  const timeMs = serverTimeMs();
  const pressedMs = Date.now();
  markersOnTheWay.value++;
  await tried(async () => {
    for (;;) {
      try {
        // Without a frame to go by, the server's clock less what it took to reach it.
        const laterMs = Date.now() - pressedMs;
        const time = timeMs === undefined && laterMs < RETRY_MS ? {} : { time: (timeMs ?? pressedMs) / 1000 };
        const marker = await client.sessions.addMarker(session.id, time);
        batch(() => {
          noteFor.value = marker;
          if (openSession.peek()?.id === session.id)
            openMarkers.value = inOrder([...openMarkers.peek(), marker]);
        });
        return;
      } catch (error) {
        if (error instanceof ApiError && error.status < 500) throw error;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  });
  markersOnTheWay.value--;
}

export async function writeNote(marker: Marker, note: string): Promise<void> {
  const session = openSession.peek();
  if (session === null) return;
  await tried(async () => {
    const changed = await client.sessions.changeMarker(session.id, marker.id, { note });
    openMarkers.value = openMarkers.peek().map((one) => (one.id === changed.id ? changed : one));
    noteFor.value = changed;
  });
}

/** Its own news may have brought it in already. */
function inOrder(markers: readonly Marker[]): Marker[] {
  const byId = new Map(markers.map((marker) => [marker.id, marker]));
  return [...byId.values()].sort((a, b) => a.at - b.at || a.id - b.id);
}

async function tried(work: () => Promise<void>): Promise<void> {
  sessionFault.value = null;
  try {
    await work();
  } catch (error) {
    sessionFault.value = sentenceOf(error);
  }
}
