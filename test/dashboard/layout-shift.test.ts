import { readFile } from 'node:fs/promises';
import type { Page, WebSocketRoute } from 'playwright-core';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Session } from '../../src/client/index.ts';
import { describeInBrowser, OBSERVE_SHIFTS, settled, shiftsOf, WAIT } from './describe-in-browser.ts';
import { fakeFrame, SILENT } from './fake-frame.ts';
import { FakeServer } from './fake-server.ts';

const LOCALES = new URL('../../dashboard/locales/', import.meta.url);
const PHONE = { width: 390, height: 844 };
const TRACK = {
  ...{ artist: null, seconds: 200, endedAt: null, valence: 0.1, arousal: 0.2 },
  ...{ valenceStart: 0, arousalStart: 0, valenceEnd: 0, arousalEnd: 0 },
};
const CANDIDATE = { path: '/m/a.ogg', title: 'Blue', artist: 'A', bpm: 124, camelot: '11A' };

describeInBrowser('a page whose data arrive late', { ignore: /./, init: OBSERVE_SHIFTS }, (browser) => {
  let server: FakeServer;
  let page: Page;
  /** Lets what was held through, and what follows. */
  let releaseStream: () => void;
  let releaseRequests: () => void;

  beforeEach(() => {
    server = new FakeServer(['booth', 'deck-b', 'radio']);
  });
  afterEach(async () => {
    releaseRequests();
    await server.stop();
  });

  /** Opens a page that gets neither messages nor answers until they are released. */
  async function open(hash: string, options: { viewport: typeof PHONE; locale?: string }): Promise<void> {
    await server.start();
    page = await browser.open('about:blank', { colorScheme: 'light', ...options });
    let socket: WebSocketRoute | null = null;
    let held: (string | Buffer)[] | null = [];
    const requests = new Promise<void>((resolve) => {
      releaseRequests = resolve;
    });
    releaseStream = () => {
      for (const message of held ?? []) socket!.send(message);
      held = null;
    };
    await page.routeWebSocket(/\/v1\/live/, (route) => {
      socket = route;
      route.connectToServer().onMessage((message) => {
        if (held === null) route.send(message);
        else held.push(message);
      });
    });
    await page.route('**/v1/**', async (route) => {
      await requests;
      await route.continue().catch(() => {}); // The page may be closed by now.
    });
    await page.goto(`${server.url}${hash}`);
  }

  const shifts = () => shiftsOf(page);
  const settle = () => settled(page);
  const raiseAlert = () =>
    server.event({
      ...{ type: 'alert-raised', stream: 'booth', alert: 'quiet', t: 1, time: server.time },
      message: 'The loudness has been below −30 LUFS for 20 s.',
    });

  it.each(['en', 'de', 'fr', 'es'])(
    'does not move the booth on a phone: decks, set and suggestions, %s',
    async (locale) => {
      server.step(120);
      const at = (startedAt: string, title: string) => ({ ...TRACK, startedAt, title });
      server.tracks = [at('2026-11-20T20:05:00Z', 'Second'), at('2026-11-20T20:00:00Z', 'First')];
      server.candidates = [{ ...CANDIDATE, reasons: ['closest to the forecast'] }];
      await open('#booth', { viewport: PHONE, locale });
      await page.locator('.deck').nth(1).waitFor();
      await settle();
      releaseStream();
      await page.locator('.deck-lanes:not(.deck-none)').nth(1).waitFor();
      server.step();
      await page.locator('.cut-jump', { hasText: /\d/ }).waitFor();
      expect(await shifts()).toBe(0);
      // At the end of the page, where the rest arrives.
      await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)');
      await settle();
      releaseRequests();
      await page.locator('.arc-table', { hasText: 'Second' }).waitFor();
      await page.locator('.next-tracks', { hasText: 'A – Blue' }).waitFor();
      await page.evaluate('scrollTo(0, 0)');
      server.fields = SILENT;
      server.step();
      await page.locator('.cut-jump', { hasText: '–' }).waitFor();
      raiseAlert();
      await page.locator('.alerts-button').waitFor();
      expect(await shifts()).toBe(0);
    },
  );

  it('keeps the room of two decks while there is only one stream', async () => {
    server = new FakeServer(['booth']);
    server.step(60);
    await open('#booth', { viewport: PHONE });
    await page.locator('.deck').nth(1).waitFor();
    await settle();
    releaseStream();
    await page.getByText('The booth needs two streams').waitFor();
    expect(await shifts()).toBe(0);
  });

  it('does not move the wall when an alert takes two lines of a tile', async () => {
    server = new FakeServer(Array.from({ length: 12 }, (_, i) => (i === 0 ? 'booth' : `room-${i}`)));
    server.step(60);
    await open('#wall', { viewport: { width: 1440, height: 900 } });
    releaseStream();
    releaseRequests();
    await page.locator('.wall-tile-word', { hasText: /\p{L}/u }).nth(11).waitFor();
    const before = await shifts();
    raiseAlert();
    await page.locator('.wall-tile-note', { hasText: 'LUFS' }).waitFor();
    expect(await shifts()).toBe(before);
  });

  it.each([
    ['en', 1440],
    ['de', 1440],
    ['de', 390],
    ['fr', 1440],
  ] as const)('does not move the live page for any mood: %s, %i px', async (locale, width) => {
    server.step(60);
    await open('#stream=booth', { viewport: { width, height: 900 }, locale });
    await page.locator('.mood-word').waitFor();
    await settle();
    releaseStream();
    releaseRequests();
    await page.locator('.readout dd[data-unknown=false]').first().waitFor();
    const clientWidth = await page.evaluate<number>("document.querySelector('.mood').clientWidth");
    const messages = JSON.parse(await readFile(new URL(`${locale}.json`, LOCALES), 'utf8'));
    for (const mood of ['energetic', 'calm', 'uncertain', 'sad', 'excited']) {
      server.fields = { valence: 0.3, arousal: 0.2, activity: 'music', mood };
      await vi.waitFor(async () => {
        server.step(); // Again: without new frames for some seconds, the word is "No new data".
        const word = await page.locator('.mood-word').innerText();
        expect(word.toLowerCase()).toBe(messages[`mood.${mood}`].toLowerCase());
      }, WAIT);
      const wide = "document.querySelector('.mood-word').scrollWidth";
      expect(await page.evaluate<number>(wide), mood).toBeLessThanOrEqual(clientWidth);
    }
    expect(await shifts()).toBe(0);
  });

  it('does not move the live page on a phone when a session starts elsewhere, and when it stops', async () => {
    server.step(60);
    const open_ = session('calm-otter-1', 'open');
    server.answers.set('GET /v1/sessions', { sessions: [], next: null });
    await open('#stream=booth', { viewport: PHONE });
    releaseStream();
    releaseRequests();
    await page.locator('.readout dd[data-unknown=false]').first().waitFor();
    await settle();
    server.answers.set('GET /v1/sessions', { sessions: [open_], next: null });
    notify('calm-otter-1', 'started');
    await page.locator('.session-badge').waitFor();
    server.answers.set('GET /v1/sessions', { sessions: [], next: null });
    notify('calm-otter-1', 'stopped');
    await page.locator('.session-badge').waitFor({ state: 'detached' });
    expect(await shifts()).toBe(0);
  });

  it('does not move the list of sessions, nor a comparison', async () => {
    server.step(60);
    const [a, b, c] = ['calm-otter-1', 'amber-heron-2', 'teal-kestrel-3'].map((id) => session(id, 'stopped'));
    const rows = Array.from({ length: 40 }, (_, i) =>
      fakeFrame('booth', i, Date.parse(a!.startedAt) + 500 * (i + 1)),
    );
    for (const one of [a!, b!]) {
      server.answers.set(`GET /v1/sessions/${one.id}`, one);
      server.answers.set(`GET /v1/sessions/${one.id}/emotions`, { session: one.id, frames: rows });
    }
    server.answers.set('GET /v1/sessions', { sessions: [b, a], next: null });
    await open('#sessions', { viewport: PHONE });
    await page.locator('.sessions-page').waitFor();
    await settle();
    releaseStream();
    releaseRequests();
    await page.locator('.sessions-list li').nth(1).waitFor();
    await settle();
    server.answers.set('GET /v1/sessions', { sessions: [c, b, a], next: null });
    notify('teal-kestrel-3', 'started');
    await page.getByText('The list has changed.').waitFor();
    expect(await page.locator('.sessions-list li').count()).toBe(2);
    expect(await shifts()).toBe(0);
    await page.getByRole('button', { name: 'Show the new list' }).click();
    await page.locator('.sessions-list li').nth(2).waitFor();
    expect(await page.getByText('The list has changed.').count()).toBe(0);

    await page.goto('about:blank');
    await server.stop();
    await open('#compare=calm-otter-1,amber-heron-2', { viewport: PHONE });
    await page.locator('.compare-page').waitFor();
    await settle();
    releaseStream();
    releaseRequests();
    await page.locator('.compare-page .lane').nth(1).waitFor();
    raiseAlert();
    await page.locator('.alerts-button').waitFor();
    expect(await shifts()).toBe(0);
  });

  function notify(id: string, change: 'started' | 'stopped'): void {
    server.event({ type: 'session', stream: 'booth', session: id, change, time: server.time } as never);
  }
});

function session(id: string, state: Session['state']): Session {
  const startedAt = new Date(Date.now() - 60_000).toISOString();
  return {
    ...{
      id,
      stream: 'booth',
      title: null,
      tags: [],
      notes: '',
      recordNumber: null,
      target: null,
      signed: null,
    },
    ...{ state, startedAt, stoppedAt: state === 'open' ? null : new Date(Date.now() - 40_000).toISOString() },
    ...{ seconds: 20, start: { run: 1, t: 0 }, stop: null, clockChanges: [], markers: 0 },
  } as Session;
}
