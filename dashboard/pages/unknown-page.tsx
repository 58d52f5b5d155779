import { liveHref, SESSIONS_HREF } from '../state/view.ts';

/** For an address that names no page. */
export function UnknownPage({ hash }: { hash: string }) {
  return (
    <main id="content" class="unknown-page" tabIndex={-1}>
      <h2>There is no page “{hash}”</h2>
      <p>
        Go to <a href={liveHref()}>the live view</a> or to <a href={SESSIONS_HREF}>the sessions</a>.
      </p>
    </main>
  );
}
