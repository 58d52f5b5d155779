import { effect } from '@preact/signals';
import type { Session } from '../../src/client/index.ts';
import { client } from './client.ts';
import { openSession, storedSessions } from './open-session.ts';
import { isOfThisPage, stoppedSession, wasStoppedHere } from './session-actions.ts';

/** Shows when another page or a program has stopped the session that is watched, or one that was started here. */
export function watchStops(): void {
  let before: readonly Session[] = [];
  let watched: string | undefined;
  effect(() => {
    const open = new Set(storedSessions.value.map(({ id }) => id));
    for (const { id } of before)
      if (!open.has(id) && (id === watched || isOfThisPage(id)) && !wasStoppedHere(id)) void show(id);
    before = storedSessions.value;
    watched = openSession.value?.id;
  });
}

async function show(id: string): Promise<void> {
  // Fails where it was erased: nothing is left to show.
  const session = await client.sessions.get(id).catch(() => null);
  if (session?.state === 'stopped') stoppedSession.value = { session, elsewhere: true };
}
