import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { violations } from './axe.ts';
import { describeInBrowser, fitsWindow, WAIT } from './describe-in-browser.ts';
import { FakeServer } from './fake-server.ts';

const RULE = { name: 'dead-air', when: 'silence', for: '30s' };
const SINK = {
  sink: 'osc:127.0.0.1:9000',
  state: 'down',
  message: 'The receiver does not answer.',
  ...{ queued: 0, delivered: 3, dropped: 2, failures: 1 },
};
const INFO = { run: 1, startedAt: '2026-11-20T10:00:00Z', last: null };

describeInBrowser('setting up on the page', {}, (browser) => {
  let server: FakeServer;
  let page: Page;

  beforeEach(() => {});
  afterEach(async () => {
    await server.stop();
  });

  async function serve(names: readonly string[]): Promise<void> {
    server = new FakeServer(names);
    server.step(10);
    const streams = names.map((stream) => ({
      ...INFO,
      stream,
      source: stream === 'radio' ? 'https://radio.example/live' : 'demo:',
      state: stream === 'radio' ? 'lost' : 'running',
      message: stream === 'radio' ? 'The station does not answer.' : null,
    }));
    server.answers.set('GET /v1/streams', { streams });
    server.answers.set('GET /v1/sources', {
      sources: [
        { schemes: ['soundcard'], usage: 'soundcard:', allowed: false },
        { schemes: ['http', 'https'], usage: 'https://…', allowed: true },
        { schemes: ['demo'], usage: 'demo:', allowed: true },
      ],
      folders: [],
    });
    server.answers.set('GET /v1/tokens', { tokens: [], required: false });
    server.answers.set('GET /v1/library/folders', { folders: [], allowed: [], scan: null });
    for (const stream of names) {
      server.answers.set(`GET /v1/streams/${stream}`, streams.find((info) => info.stream === stream)!);
      server.answers.set(`GET /v1/streams/${stream}/alerts`, { rules: [RULE], from: 'config' });
      server.answers.set(`GET /v1/streams/${stream}/sinks`, { sinks: [SINK], from: 'api' });
      server.answers.set(`GET /v1/streams/${stream}/events`, { stream, events: [] });
    }
    await server.start();
  }

  async function open(hash: string, options: BrowserContextOptions = {}): Promise<void> {
    page = await browser.open(`${server.url}${hash}`, { permissions: ['microphone'], ...options });
    await page.locator('#content').waitFor();
  }

  const sent = (route: string) => server.requests.filter((request) => request.route === route);

  it('offers three ways to begin when there is no stream', async () => {
    await serve([]);
    await open('');
    for (const name of [/Listen to this computer/, /Drop a file/])
      await page.getByRole('button', { name }).waitFor();
    await page.getByRole('link', { name: /Hear the demo/ }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: /Listen to this computer/ }).click();
    await vi.waitFor(() => expect(server.ingests[0]?.bytes ?? 0).toBeGreaterThan(0), WAIT);
    await page.locator('.picker-name').waitFor(); // The live page of the new stream.
  });

  it.each([390, 1440])('lists, adds and removes streams at %i px', async (width) => {
    await serve(['booth', 'radio']);
    server.answers.set('POST /v1/streams', {
      ...INFO,
      stream: 'radio.example',
      source: '',
      state: 'running',
    });
    server.answers.set('DELETE /v1/streams/booth', 204);
    await open('#setup', { viewport: { width, height: 900 } });
    const radio = page.locator('.setup-row', { hasText: 'radio' });
    expect(await radio.innerText()).toContain('The station does not answer.');

    await page.getByRole('radio', { name: 'Web radio or stream' }).check();
    expect(await page.getByRole('radio', { name: 'Sound input of the server' }).isDisabled()).toBe(true);
    await page.getByText('Not allowed here: Sound input of the server. What is allowed').waitFor();
    await page.getByLabel('Address').fill('https://radio.example/live.mp3');
    expect(await page.getByLabel('Name').inputValue()).toBe('radio.example');
    expect(await violations(page)).toEqual([]);
    await fitsWindow(page);
    await page.getByRole('button', { name: 'Add stream' }).click();
    await vi.waitFor(
      () =>
        expect(sent('POST /v1/streams').map(({ body }) => body)).toEqual([
          { name: 'radio.example', source: 'https://radio.example/live.mp3' },
        ]),
      WAIT,
    );

    // What was added is named where the form was, and the keyboard is there.
    await page.getByText('radio.example was added.').waitFor();
    await page.locator('a:focus', { hasText: 'Watch radio.example' }).waitFor();

    const remove = page.locator('.setup-row', { hasText: 'booth' }).locator('.confirm-button');
    await remove.click();
    expect(sent('DELETE /v1/streams/booth')).toEqual([]);
    await page.waitForTimeout(700); // A double press does nothing.
    await remove.click();
    await vi.waitFor(() => expect(sent('DELETE /v1/streams/booth')).toHaveLength(1), WAIT);
  });

  it('offers to remove and rename only the streams for which the server allows it', async () => {
    const from = { added: 'api', fixed: 'config', mic: undefined };
    await serve(Object.keys(from));
    const infos = Object.entries(from).map(([stream, from]) => ({
      ...{ ...INFO, stream, source: 'demo:', state: 'running', message: null },
      ...(from && { from }),
    }));
    server.answers.set('GET /v1/streams', { streams: infos });
    for (const info of infos) server.answers.set(`GET /v1/streams/${info.stream}`, info);
    await open('#setup');
    const row = (name: string) => page.locator(`.setup-row[data-stream="${name}"]`);
    const inConfig = 'Set in the configuration file.';
    await row('fixed').getByText(inConfig).waitFor();
    for (const name of ['added', 'mic'])
      await row(name)
        .getByRole('button', { name: /Remove/ })
        .waitFor();
    expect(await page.getByRole('button', { name: /Remove/ }).count()).toBe(2);
    expect(await page.getByText(inConfig).count()).toBe(1);
    expect(await violations(page)).toEqual([]);

    const rename = page.getByRole('button', { name: 'Rename' });
    for (const [name, reason] of [
      ['fixed', inConfig],
      ['mic', 'This stream gets its name from its sender or the command line: change it there.'],
    ] as const) {
      await page.evaluate(`location.hash = '#setup=${name}'`);
      await page.getByText(reason).waitFor();
      await rename.waitFor({ state: 'detached' });
    }
    await page.evaluate(`location.hash = '#setup=added'`);
    await rename.waitFor();
    await page.getByText('Set in the configuration file').waitFor({ state: 'detached' });
  });

  it('asks for alerts and previews by the clock of the server, whatever this computer’s is', async () => {
    await serve(['booth']);
    server.hasClock = true;
    server.answers.set('POST /v1/streams/booth/alerts/preview', { alerts: [], counts: {}, frames: 0 });
    page = await browser.open('about:blank');
    await page.clock.setFixedTime(Date.now() + 30 * 86_400_000);
    let connect = () => {};
    await page.routeWebSocket(/\/v1\/live/, (route) => {
      connect = () => route.connectToServer();
    });
    await page.goto(`${server.url}#setup=booth`);
    await vi.waitFor(() => expect(sent('GET /v1/streams/booth/sinks')).toHaveLength(1), WAIT);
    await page.waitForTimeout(300);
    expect(sent('GET /v1/streams/booth/events')).toEqual([]); // That clock is not known yet.
    connect();
    await page.getByRole('button', { name: 'Preview on the last 24 hours' }).click();
    await vi.waitFor(() => expect(sent('POST /v1/streams/booth/alerts/preview')).toHaveLength(1), WAIT);
    // Without a range: the last 24 hours of the server.
    expect(Object.keys(sent('POST /v1/streams/booth/alerts/preview')[0]!.body!)).toEqual(['rules']);
    const [asked] = sent('GET /v1/streams/booth/events');
    const from = new URLSearchParams(asked!.query).get('from')!;
    expect(Date.parse(from)).toBeLessThan(Date.parse(server.time));
  });

  it('shows each alert of the last week once, with its end, and whether there are older ones', async () => {
    await serve(['booth']);
    const start = Date.parse(server.time) - 10 * 3_600_000;
    const event = (type: 'alert-raised' | 'alert-cleared', alert: string, minutes: number) => ({
      ...{ type, stream: 'booth', t: 0, message: `${type} of ${alert}`, alert },
      time: new Date(start + 60_000 * minutes).toISOString(),
    });
    const answer = (events: readonly object[]) =>
      server.answers.set('GET /v1/streams/booth/events', { stream: 'booth', events });
    answer([
      event('alert-raised', 'dead-air', 0),
      event('alert-raised', 'speech', 1),
      event('alert-cleared', 'dead-air', 4),
      event('alert-raised', 'dead-air', 30),
    ]);
    await open('#setup=booth');
    await vi.waitFor(() => expect(server.clients).toBe(1), WAIT);
    const summary = page.locator('.setup-history summary');
    await summary.getByText('3 alerts in the last 7 days', { exact: true }).click();
    const rows = () => page.locator('.setup-history tbody tr').allInnerTexts();
    await expect
      .poll(rows, WAIT)
      .toEqual([
        expect.stringMatching(/^(?!since).*\d\d:\d\d\tdead-air\talert-raised of dead-air\t–$/),
        expect.stringMatching(/\tspeech\talert-raised of speech\t–$/),
        expect.stringMatching(/\d\d:\d\d\s?–\s?.*\d\d:\d\d\tdead-air\talert-raised of dead-air\t4:00$/),
      ]);
    // Which one is still on comes with the stream.
    server.event(event('alert-raised', 'dead-air', 30));
    await expect.poll(async () => (await rows())[0], WAIT).toMatch(/^since .*\d\d:\d\d\tdead-air\t/);
    expect(await violations(page)).toEqual([]);
    expect(await page.getByText('Older ones are not shown.').count()).toBe(0);

    // It ends, and the log has more than the page shows.
    const pairs = Array.from({ length: 201 }, (_, i) => [
      event('alert-raised', 'dead-air', 2 * i),
      event('alert-cleared', 'dead-air', 2 * i + 1),
    ]);
    answer(pairs.flat().slice(1));
    server.event(event('alert-cleared', 'dead-air', 33));
    await summary.getByText('More than 200 alerts in the last 7 days', { exact: true }).waitFor();
    await page.getByText('Older ones are not shown.').waitFor();
    expect(await rows()).toHaveLength(200);
    const [asked] = sent('GET /v1/streams/booth/events');
    expect(new URLSearchParams(asked!.query).get('limit')).toBe('401');
  });

  it('previews a rule on the last day before it is saved', async () => {
    await serve(['booth']);
    server.answers.set('POST /v1/streams/booth/alerts/preview', {
      alerts: [1, 2, 3].map((hour) => ({
        alert: 'silence',
        from: `2026-11-20T0${hour}:00:00.000Z`,
        to: null,
        message: 'There was silence for 20s.',
      })),
      counts: { silence: 3 },
      frames: 172_800,
    });
    server.answers.set('PUT /v1/streams/booth/alerts', { rules: [RULE], from: 'api' });
    await open('#setup=booth');
    await page.getByText('Silence for 30 s').waitFor();
    await page.getByLabel('For seconds').fill('20');
    await page.getByRole('button', { name: 'Preview on the last 24 hours' }).click();
    await page.getByText('“silence” would have rung 3 times in the last 24 hours.').waitFor();
    // That was another rule.
    await page.getByLabel('For seconds').fill('45');
    await page.getByText('would have rung').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Preview dead-air' }).click();
    await page.getByText('“dead-air” would have rung 3 times in the last 24 hours.').waitFor();
    await page.getByLabel('For seconds').fill('20');
    const rule = { name: 'silence', when: 'silence', for: '20s' };
    expect(sent('POST /v1/streams/booth/alerts/preview')[0]!.body).toMatchObject({ rules: [rule] });
    // Neither a length without a meaning nor a name twice is sent.
    await page.getByLabel('For seconds').fill('-5');
    await page.getByRole('button', { name: 'Preview on the last 24 hours' }).click();
    await page.getByLabel('For seconds').fill('20');
    const name = page.getByRole('textbox', { name: 'Name' }).last();
    await name.fill('dead-air');
    await page.getByText('There is a rule with this name').waitFor();
    const top = async (field: typeof name) => (await field.boundingBox())!.y;
    expect(await top(name)).toBe(await top(page.getByLabel('For seconds')));
    await page.getByRole('button', { name: 'Save rule' }).click();
    await name.fill('');
    expect(sent('POST /v1/streams/booth/alerts/preview')).toHaveLength(2);
    expect(sent('PUT /v1/streams/booth/alerts')).toEqual([]);
    // Rules of another page, which this one has not loaded, stay.
    const other = { name: 'gone', when: 'source-lost' };
    server.answers.set('GET /v1/streams/booth/alerts', { rules: [RULE, other], from: 'api' });
    await page.getByRole('button', { name: 'Save rule' }).click();
    await vi.waitFor(
      () => expect(sent('PUT /v1/streams/booth/alerts')[0]?.body).toEqual({ rules: [RULE, other, rule] }),
      WAIT,
    );
    expect(await violations(page)).toEqual([]);
  });

  it('shows the state of a sink and adds another', async () => {
    await serve(['booth']);
    server.answers.set('PUT /v1/streams/booth/sinks', { sinks: [], from: 'api' });
    await open('#setup=booth');
    expect(await page.locator('.setup-row', { hasText: SINK.sink }).innerText()).toContain(SINK.message);
    await page.getByRole('button', { name: 'mqtts://broker.example' }).click();
    await page.getByLabel('User name').fill('undertone');
    await page.getByLabel('Password').fill('a secret');
    await page.getByRole('button', { name: 'Send there' }).click();
    const added = { sink: 'mqtts://broker.example', user: 'undertone', secret: 'a secret' };
    await vi.waitFor(
      () =>
        expect(sent('PUT /v1/streams/booth/sinks')[0]?.body).toEqual({ sinks: [{ sink: SINK.sink }, added] }),
      WAIT,
    );
  });

  it('makes a token and shows it once', async () => {
    await serve(['booth']);
    const info = { id: '0a1b2c3d', name: 'wall', scopes: ['watch'], created: INFO.startedAt };
    const token = { ...info, expires: null, lastUsed: null };
    server.answers.set('POST /v1/tokens', { ...token, token: 'ut_only-once' });
    await open('#setup');
    await page.getByLabel('For whom or what').fill('wall');
    server.answers.set('GET /v1/tokens', { tokens: [token], required: true });
    await page.getByRole('button', { name: 'Make token' }).click();
    await page.getByLabel(/The token for wall/).waitFor();
    expect(await page.getByLabel(/The token for wall/).inputValue()).toBe('ut_only-once');
    expect(sent('POST /v1/tokens')[0]!.body).toEqual({ name: 'wall', scopes: ['watch'] });
    await page.getByText('never used').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.reload();
    await page.getByText('never used').waitFor();
    expect(await page.content()).not.toContain('ut_only-once');
    // A token that may only watch gets neither the list nor a form that is of no use to it.
    server.answers.set('GET /v1/tokens', 403);
    await page.reload();
    await page.getByText('Use another token on this page').waitFor();
    expect(await page.getByRole('button', { name: 'Make token' }).count()).toBe(0);
    expect(await page.getByText('This computer needs no token').count()).toBe(0);
    browser.faults.length = 0; // The request that was refused.
  });

  it('opens every view by keys, and stops when shortcuts are off', async () => {
    await serve(['booth']);
    await open('#sessions');
    await page.locator('.sessions-page').waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('u');
    await page.locator('.setup-page').waitFor();
    expect(await page.title()).toContain('Set-up');
    await page.getByLabel('Keyboard shortcuts with single letters').uncheck();
    await page.locator('.setup-page h2').click();
    await page.keyboard.press('g');
    await page.keyboard.press('s');
    await page.waitForTimeout(300);
    expect(new URL(page.url()).hash).toBe('#setup');
  });

  it('has a menu of the views on a phone', async () => {
    await serve(['booth']);
    await open('#sessions', { viewport: { width: 320, height: 640 } });
    expect(await page.getByRole('link', { name: 'Set-up' }).isVisible()).toBe(false);
    await page.getByRole('button', { name: /Menu/ }).click();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await vi.waitFor(
      async () =>
        expect(await page.getByRole('button', { name: /Menu/ }).getAttribute('aria-expanded')).toBe('false'),
      WAIT,
    );
    await page.getByRole('button', { name: /Menu/ }).click();
    await page.getByRole('link', { name: 'Set-up' }).click();
    await page.locator('.setup-list').waitFor();
    await fitsWindow(page);
    await page.evaluate("location.hash = '#setup=booth'");
    await page.locator('.setup-examples').waitFor();
    await fitsWindow(page);
    await page.evaluate("location.hash = '#setup'");
    await page.locator('.setup-list').waitFor();
    // The fields for the keys are named, here too.
    expect(await page.locator('.setup-marker kbd').first().isVisible()).toBe(true);
  });

  it.each(['fr', 'es', 'de'])(
    'keeps long buttons within their cards on a small phone: %s',
    async (locale) => {
      await serve(['booth']);
      await open('#setup=booth', { viewport: { width: 320, height: 568 }, locale });
      await page.locator('.setup-examples').waitFor();
      const cut = `[...document.querySelectorAll('.setup-section .button')].filter((one) =>
      one.scrollWidth > one.clientWidth ||
      one.getBoundingClientRect().right > one.closest('.setup-section').getBoundingClientRect().right - 12)
      .map((one) => one.innerText)`;
      expect(await page.evaluate(cut)).toEqual([]);
    },
  );

  it('explains in the page’s language why a sink in a private network is refused', async () => {
    await serve(['booth']);
    await open('#setup=booth', { locale: 'fr' });
    await page.route('**/v1/streams/booth/sinks', (route) =>
      route.request().method() === 'PUT'
        ? route.fulfill({ status: 403, json: { code: 'forbidden-address', detail: 'It is private.' } })
        : route.continue(),
    );
    await page.getByRole('button', { name: 'osc:192.168.1.20:9000' }).click();
    await page.getByRole('button', { name: 'Envoyer là' }).click();
    await page.getByText('Cette adresse est dans un réseau privé.').waitFor();
    const others = browser.faults.filter((fault) => !fault.includes('403'));
    browser.faults.splice(0, browser.faults.length, ...others);
  });

  it('speaks the browser’s language, and another by the menu', async () => {
    await serve(['booth']);
    await open('#setup', { locale: 'de-CH' });
    await page.getByRole('heading', { name: 'Einrichtung' }).waitFor();
    expect(await page.evaluate('document.documentElement.lang')).toBe('de');
    await page.getByRole('combobox', { name: 'Sprache' }).first().selectOption('es');
    await page.getByRole('heading', { name: 'Configuración' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Configuración' }).waitFor();
  });

  it('counts new alerts in the title until they are acknowledged', async () => {
    await serve(['booth']);
    await open('#setup');
    await vi.waitFor(() => expect(server.clients).toBe(1), WAIT);
    const { time } = server;
    const message = 'There was silence for 30s.';
    server.event({ type: 'alert-raised', stream: 'booth', t: 5, time, alert: 'dead-air', message });
    await vi.waitFor(async () => expect(await page.title()).toMatch(/^\(1\) /), WAIT);
    await page.locator('.alerts-button').click();
    await page.getByRole('button', { name: 'Acknowledge' }).click();
    await vi.waitFor(async () => expect(await page.title()).not.toMatch(/^\(1\)/), WAIT);
    expect(await page.locator('.alerts-button').count()).toBe(1); // Still raised.
    await page.reload();
    await page.locator('.alerts-button').waitFor();
    expect(await page.title()).not.toMatch(/^\(1\)/);
  });

  it('mutes a stream for an hour, and raises its alerts again when that ends', async () => {
    await serve(['booth']);
    await open('#setup');
    await vi.waitFor(() => expect(server.clients).toBe(1), WAIT);
    const raise = (alert: string) =>
      server.event({
        ...{ type: 'alert-raised', stream: 'booth', t: 5, time: server.time, alert },
        message: 'There was silence for 30s.',
      });
    raise('dead-air');
    await page.locator('.alerts-button').click();
    await page.getByRole('button', { name: 'Mute stream for an hour' }).click();
    raise('too-quiet');
    await page.getByRole('button', { name: '2 alerts' }).waitFor();
    expect(await page.title()).not.toMatch(/^\(/);
    await page
      .getByRole('button', { name: /^Muted until/ })
      .first()
      .click();
    await vi.waitFor(async () => expect(await page.title()).toMatch(/^\(2\) /), WAIT);
  });
});
