import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { createClient } from '../../src/client/index.ts';
import { describeInBrowser, WAIT } from './describe-in-browser.ts';
import { FakeServer } from './fake-server.ts';
import { startRealServer } from './real-server.ts';

/** Requests that are refused on purpose. */
const REFUSED = /the server responded with a status of 4/;

describeInBrowser('a page in German', { ignore: REFUSED }, (browser) => {
  it('says what the server does not accept, and keeps it', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'undertone-test-'));
    const { server, step } = await startRealServer({ dataDir });
    // After the page is closed, so that it does not miss its server.
    onTestFinished(async () => {
      await server.close();
      rmSync(dataDir, { recursive: true, force: true });
    });
    step(10);
    const { sessions } = createClient({ url: server.url });
    const { id } = await sessions.start({ stream: 'booth' });
    const page = await browser.open(`${server.url}#session=${id}`, { locale: 'de-DE' });
    const tags = page.getByRole('textbox', { name: 'Schlagwörter' });
    const tooLong = 'Gruppe '.repeat(10);
    await tags.fill(tooLong);
    await tags.blur();
    await page.getByRole('alert').getByText('Schlagwörter: höchstens 64 Zeichen', { exact: true }).waitFor();
    expect(await tags.inputValue()).toBe(tooLong);
    await sessions.stop(id);
    await sessions.sign(id, 'A. Vale');
    await page.getByRole('textbox', { name: 'Titel' }).fill('Abend');
    await page.getByRole('textbox', { name: 'Titel' }).blur();
    await page.getByRole('alert').getByText('Diese Sitzung ist unterschrieben und gesperrt').waitFor();
  });

  it('takes the name of a stream as it is written, and shows the one that the server gets', async () => {
    const server = new FakeServer(['booth']);
    server.step(10);
    server.answers.set('GET /v1/streams', { streams: [] });
    server.answers.set('GET /v1/sources', {
      sources: [{ schemes: ['demo'], usage: 'demo:', allowed: true }],
      folders: [],
    });
    server.answers.set('GET /v1/tokens', { tokens: [], required: false });
    server.answers.set('GET /v1/library/folders', { folders: [], allowed: [], scan: null });
    server.answers.set('POST /v1/streams', { stream: 'kueche-1' });
    await server.start();
    onTestFinished(() => server.stop());
    const page = await browser.open(`${server.url}#setup`, { locale: 'de-DE' });
    await page.getByRole('radio', { name: 'Demo' }).check();
    const name = page.getByLabel('Name', { exact: true });
    await name.fill('Ключ');
    expect(
      await name.evaluate((input) => (input as unknown as { validity: { valid: boolean } }).validity.valid),
    ).toBe(false);
    await name.fill(' Küche 1 ');
    await page.getByText('Wird zu „kueche-1“').waitFor();
    await page.getByRole('button', { name: 'Stream hinzufügen' }).click();
    await vi.waitFor(
      () =>
        expect(
          server.requests.filter(({ route }) => route === 'POST /v1/streams').map(({ body }) => body),
        ).toEqual([{ name: 'kueche-1', source: 'demo:' }]),
      WAIT,
    );
  });
});
