import type { Page } from 'playwright-core';
import { expect, it, vi } from 'vitest';
import { violations } from './axe.ts';
import { describeInBrowser, WAIT } from './describe-in-browser.ts';
import { useRealServer } from './real-server.ts';

/** A second press earlier than this confirms nothing. */
const DOUBLE_PRESS_MS = 700;
/** A request that the server refuses on purpose. */
const REFUSED = /the server responded with a status of 409/;

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

describeInBrowser('records of sessions in a browser', { ignore: REFUSED }, (browser) => {
  const server = useRealServer();
  const { client, step } = server;
  let page: Page;

  async function open(hash: string): Promise<void> {
    page = await browser.open(`${server.url}${hash}`);
    await page.locator('.connection[data-state=open]').waitFor();
  }
  const waitFor = (check: () => Promise<void>) => vi.waitFor(check, WAIT);
  const newest = async () => (await client().sessions.list()).sessions[0]!;
  /** A frame that is old counts as none, so that steps go on until the distance is there. */
  const distanceShown = () =>
    waitFor(async () => {
      step();
      expect(await page.locator('.target-distance').innerText()).toMatch(/^\d\.\d from the target$/);
    });
  const imageOf = (selector: string) =>
    page.locator(selector).evaluate((canvas) => (canvas as unknown as { toDataURL(): string }).toDataURL());

  it('sets a target from the present reading, shows the distance from it, and removes it', async () => {
    await client().sessions.start({ stream: 'booth' });
    await open('#stream=booth');
    await page.getByRole('button', { name: 'Target…' }).waitFor();
    expect(await page.locator('.target-distance').innerText()).toBe('');
    const [plane, lanes] = [await imageOf('.plane canvas'), await imageOf('.timeline-plot canvas')];
    await page.getByRole('button', { name: 'Target…' }).click();
    const to = page.getByRole('group', { name: 'To' });
    await to.getByRole('combobox').selectOption('Excited');
    await to.getByRole('spinbutton', { name: 'Arousal' }).fill('0.4');
    await page.getByRole('spinbutton', { name: 'Over minutes' }).fill('5');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Set target' }).click();
    await waitFor(async () => expect((await newest()).target).toHaveLength(2));
    const [from, goal] = (await newest()).target!;
    expect(goal).toMatchObject({ valence: 0.35, arousal: 0.4 });
    expect(goal!.t - from!.t).toBeCloseTo(300, 6);
    const reading = (await client().streams.list()).find(({ stream }) => stream === 'booth')!.last!;
    expect(Math.abs(from!.valence - reading.valence!)).toBeLessThanOrEqual(0.026);
    expect(Math.abs(from!.arousal - reading.arousal!)).toBeLessThanOrEqual(0.026);
    await waitFor(async () => {
      expect(await imageOf('.plane canvas')).not.toBe(plane);
      expect(await imageOf('.timeline-plot canvas')).not.toBe(lanes);
    });
    await distanceShown();
    await page.getByRole('button', { name: 'Table' }).click();
    await page.getByRole('columnheader', { name: 'From the target' }).waitFor();
    expect(await violations(page)).toEqual([]);

    await page.getByRole('button', { name: 'Target…' }).click();
    await page.getByRole('button', { name: 'Remove target' }).click();
    await waitFor(async () => expect((await newest()).target).toBeNull());
    await waitFor(async () => expect(await page.locator('.target-distance').innerText()).toBe(''));
  });

  it('renews the distance from the target with each step', async () => {
    const goal = { valence: 0.4, arousal: 0.4 };
    await client().sessions.start({
      stream: 'booth',
      target: [
        { t: 0, ...goal },
        { t: 600, ...goal },
      ],
    });
    await open('#stream=booth');
    await distanceShown();
    const distance = () => page.locator('.target-distance').innerText();
    const before = await distance();
    await waitFor(async () => {
      step(10);
      expect(await distance()).toMatch(/^\d\.\d from the target$/);
      expect(await distance()).not.toBe(before);
    });
  });

  it.each([390, 1440])('moves nothing at %s px when a target comes and goes', async (width) => {
    const { id } = await client().sessions.start({ stream: 'booth' });
    page = await browser.open(`${server.url}#stream=booth`, { viewport: { width, height: 900 } });
    await page.getByRole('button', { name: 'Target…' }).waitFor();
    await page.locator('.plane-legend').waitFor();
    const from = { t: 0, valence: 0, arousal: 0 };
    const setTarget = async () => {
      await client().sessions.change(id, { target: [from, { t: 60, valence: 0.4, arousal: 0.4 }] });
      await distanceShown();
    };
    const removeTarget = async () => {
      await client().sessions.change(id, { target: null });
      await waitFor(async () => expect(await page.locator('.target-distance').innerText()).toBe(''));
    };
    // The target's own symbol, deeper in the legend, appears.
    const places = () =>
      page
        .locator('.plane, .plane-legend > svg, .readouts, .meter, .session-bar, .timeline-plot, .live-below')
        .evaluateAll((all) =>
          all.map((element) => {
            const { x, y, width, height } = (
              element as unknown as { getBoundingClientRect(): Box }
            ).getBoundingClientRect();
            return [x, y, width, height];
          }),
        );
    const without = await places();
    await setTarget();
    expect(await places()).toEqual(without);
    await removeTarget();
    expect(await places()).toEqual(without);
  });

  it('picks a goal on the small plane, also before the session starts', async () => {
    await open('#stream=booth');
    await page.getByRole('button', { name: 'More…' }).click();
    await page.getByRole('checkbox', { name: 'Lead the music to a target' }).check();
    const plane = page.locator('.target-plane:visible');
    const { width, height } = (await plane.boundingBox())!;
    // A quarter from the left and from the top of ±0.8.
    await plane.click({ position: { x: width / 4, y: height / 4 } });
    await page.locator('.popover-form:popover-open').getByRole('button', { name: 'Start session' }).click();
    await waitFor(async () => {
      const { target } = await newest();
      expect(target).toHaveLength(2);
      expect(target![0]!.t).toBe(0);
      expect(target![1]!.valence).toBeCloseTo(-0.4, 1);
      expect(target![1]!.arousal).toBeCloseTo(0.4, 1);
    });
  });

  it('leads through several steps, added, moved, changed and removed by keys alone', async () => {
    await client().sessions.start({ stream: 'booth' });
    await open('#stream=booth');
    const press = async (name: string) => {
      await page.getByRole('button', { name }).focus();
      await page.keyboard.press('Enter');
    };
    await press('Target…');
    await press('Add a step');
    // The new step is in focus.
    await page.keyboard.press('Control+A');
    const focused = () => page.evaluate<string | null>('document.activeElement.getAttribute("aria-label")');
    await waitFor(async () => expect(await focused()).toBe('Step 2: place on the plane'));
    const second = page.getByRole('group', { name: 'Step 2' });
    await second.getByRole('combobox').selectOption('Happy');
    await second.getByRole('spinbutton', { name: 'Over minutes' }).fill('2.5');
    await page.getByText('12.5 minutes in all').waitFor();
    expect(await violations(page)).toEqual([]);
    await press('Move step 2 earlier');
    await page.getByText('A click on the plane places step 1.').waitFor();
    await press('Set target');
    await waitFor(async () => expect((await newest()).target).toHaveLength(3));
    const [from, happy, calm] = (await newest()).target!;
    expect(happy!.t - from!.t).toBeCloseTo(150, 6);
    expect(calm!.t - happy!.t).toBeCloseTo(600, 6);
    expect([happy!.valence, happy!.arousal, calm!.valence, calm!.arousal]).toEqual([0.5, 0, 0.35, -0.35]);

    // Opened again, it shows what is to come; removing a step leaves the focus on another.
    await press('Target…');
    expect(await second.getByRole('combobox').inputValue()).toBe('calm');
    await press('Remove step 1');
    await waitFor(async () => expect(await focused()).toBe('To: place on the plane'));
    await press('Set target');
    await waitFor(async () => expect((await newest()).target!.at(-1)).toMatchObject({ valence: 0.35 }));
    await waitFor(async () =>
      expect((await newest()).target!.some(({ valence }) => valence === 0.5)).toBe(false),
    );
  });

  it('lists hundreds of markers, and draws them as one line of the overview', async () => {
    const { id, startedAt } = await client().sessions.start({
      stream: 'booth',
      startedAt: Date.now() / 1000 - 60,
    });
    for (let i = 0; i < 230; i++)
      await client().sessions.addMarker(id, { time: Date.parse(startedAt) / 1000 + i / 4, note: `n${i}` });
    await client().sessions.stop(id);
    await open(`#session=${id}`);
    await waitFor(async () => expect(await page.locator('.markers li').count()).toBe(230));
    // The browser looks at each such element with every screen frame: blocks of rows, not rows.
    const lazy = `[...document.querySelectorAll('.markers *')]
      .filter((one) => getComputedStyle(one).contentVisibility === 'auto').length`;
    expect(await page.evaluate(lazy)).toBe(3);
    // Another note leaves the rows of the other blocks as they are.
    await page.evaluate(
      "window.changes = new MutationObserver(() => {}); changes.observe(document.querySelector('.markers-block'), { subtree: true, childList: true, attributes: true })",
    );
    const note = page.getByRole('textbox', { name: 'Note for marker 230' });
    await note.fill('Last');
    await note.blur();
    await waitFor(async () => expect((await client().sessions.markers(id)).at(-1)!.note).toBe('Last'));
    expect(await page.evaluate('changes.takeRecords().length')).toBe(0);
    const drawn = await page
      .locator('.overview-marker')
      .evaluateAll((all) =>
        all.map((path) => (path as unknown as { getAttribute(name: string): string }).getAttribute('d')),
      );
    expect(drawn).toHaveLength(1);
    expect(drawn[0]!.match(/M/g)).toHaveLength(230);
  });

  it('signs and locks a session, and adds addenda', async () => {
    const { id } = await client().sessions.start({ stream: 'booth', startedAt: Date.now() / 1000 - 5 });
    await client().sessions.addMarker(id, { note: 'Drums' });
    await client().sessions.stop(id);
    await open(`#session=${id}`);
    const notes = page.getByRole('textbox', { name: 'Notes', exact: true });
    for (const text of ['First', 'Second']) {
      await notes.fill(text);
      await notes.blur();
      await waitFor(async () => expect((await newest()).notes).toBe(text));
    }
    await page.getByRole('textbox', { name: 'Record number' }).fill('R-17');
    await page.getByRole('textbox', { name: 'Record number' }).blur();
    await page.getByText('Earlier versions of the notes').click();
    await page.locator('.details-versions li', { hasText: 'First' }).waitFor();

    expect(await page.getByRole('button', { name: 'Sign and lock' }).isDisabled()).toBe(true);
    await page.getByRole('textbox', { name: 'Your name' }).fill('A. Vale');
    await page.getByRole('button', { name: /^Sign and lock/ }).click();
    await page.getByText('Lock for good?').waitFor();
    expect((await newest()).signed).toBeNull();
    await page.waitForTimeout(DOUBLE_PRESS_MS);
    await page.getByRole('button', { name: /^Lock for good/ }).click();
    await page.getByText(/^Signed by A\. Vale, /).waitFor();
    expect(await newest()).toMatchObject({ recordNumber: 'R-17', signed: { name: 'A. Vale' } });
    for (const field of ['Title', 'Tags', 'Record number', 'Notes', 'Note for marker 1'])
      expect(await page.getByRole('textbox', { name: field }).first().getAttribute('readonly'), field).toBe(
        '',
      );
    expect(await page.getByRole('button', { name: 'Add marker here' }).count()).toBe(0);

    await page.getByRole('textbox', { name: 'Addendum' }).fill('Slept well after.');
    await page.getByRole('textbox', { name: 'Your name' }).fill('B. Dale');
    await page.getByRole('button', { name: 'Add addendum' }).click();
    await page.locator('.details-signed li', { hasText: 'Slept well after.' }).waitFor();
    expect(await client().sessions.addenda(id)).toMatchObject([{ name: 'B. Dale' }]);
    expect(await violations(page)).toEqual([]);
  });

  it('names what was played at each moment of the replay, from the title at its start on', async () => {
    const { id } = await client().sessions.start({ stream: 'booth' });
    for (let i = 0; i < 12; i++) {
      step();
      await new Promise((resolve) => setTimeout(resolve, 120));
    }
    const { seconds: length } = await client().sessions.stop(id);
    const track = (title: string, at: number) => ({ title, artist: 'A. Vale', at });
    page = await browser.open('about:blank');
    await page.route(`**/${id}/tracks`, (route) =>
      route.fulfill({ json: { tracks: [track('Before', 0), track('Later', length / 2)] } }),
    );
    await page.goto(`${server.url}#session=${id}`);
    const plot = page.locator('.timeline-plot .u-over');
    await plot.waitFor();
    const { width, height } = (await plot.boundingBox())!;
    const titleAt = (share: number, title: string) =>
      waitFor(async () => {
        await plot.hover({ position: { x: share * width, y: height / 2 } });
        expect(await page.locator('.timeline').innerText()).toContain(`A. Vale – ${title}`);
      });
    await titleAt(0.3, 'Before');
    await titleAt(0.8, 'Later');
  });

  it('searches by a click on a tag, keeps the search in the address, and returns to it', async () => {
    const span = (from: number) => ({
      startedAt: Date.now() / 1000 - from,
      stoppedAt: Date.now() / 1000 - from + 5,
    });
    await client().sessions.start({ stream: 'booth', title: 'First', tags: ['harp', 'group'], ...span(30) });
    await client().sessions.start({ stream: 'booth', title: 'Second', tags: ['group'], ...span(20) });
    await client().sessions.start({ stream: 'booth', title: 'Third', ...span(10) });
    await open('#sessions');
    const titles = () => page.locator('.sessions-name b').allInnerTexts();
    const listed = (...expected: string[]) => waitFor(async () => expect(await titles()).toEqual(expected));
    await listed('Third', 'Second', 'First');
    await page.locator('.sessions-row', { hasText: 'First' }).getByRole('link', { name: 'group' }).click();
    await listed('Second', 'First');
    expect(new URL(page.url()).hash).toBe('#sessions&tag=group');
    expect(await violations(page)).toEqual([]);
    const search = page.getByLabel('Search', { exact: true });
    await search.fill('Fi');
    await search.pressSequentially('rst');
    await listed('First');
    await waitFor(async () => expect(new URL(page.url()).hash).toBe('#sessions&q=First&tag=group'));
    await page.reload();
    await listed('First');
    expect(await search.inputValue()).toBe('First');
    await page.goBack();
    await listed('Second', 'First');
    expect(await search.inputValue()).toBe('');
    await page.getByRole('link', { name: 'Search without the tag “group”' }).click();
    await listed('Third', 'Second', 'First');

    await page.getByRole('link', { name: 'First' }).click();
    await page.getByRole('link', { name: 'harp' }).waitFor();
  });

  it('asks about a session that has run for hours, on every page, until it is confirmed or stopped', async () => {
    const { id } = await client().sessions.start({
      stream: 'booth',
      startedAt: Date.now() / 1000 - 3.1 * 3600,
    });
    await client().sessions.start({ stream: 'booth' });
    await open('#sessions');
    const question = page.getByRole('complementary', { name: 'Is this session still going?' });
    await question.getByText(new RegExp(`“${id}” has been recording for 3:06:\\d\\d`)).waitFor();
    expect(await violations(page)).toEqual([]);
    await question.getByRole('button', { name: 'Keep recording' }).click();
    await question.waitFor({ state: 'detached' });
    await page.reload();
    await page.locator('.sessions-row').first().waitFor();
    expect(await question.count()).toBe(0);

    await page.evaluate('localStorage.clear()');
    await page.reload();
    await question.getByRole('button', { name: 'Stop session' }).click();
    await page.waitForTimeout(DOUBLE_PRESS_MS);
    await question.getByRole('button', { name: 'Stop now? session' }).click();
    await question.waitFor({ state: 'detached' });
    await waitFor(async () => expect((await client().sessions.get(id)).state).toBe('stopped'));
  });

  it('does not ask about a session that has just begun, on a computer whose clock is hours ahead', async () => {
    await client().sessions.start({ stream: 'booth' });
    page = await browser.open('about:blank');
    await page.clock.install({ time: Date.now() + 5 * 3_600_000 });
    await page.goto(`${server.url}#sessions`);
    await page.getByRole('link', { name: 'Session running: booth' }).waitFor();
    expect(await page.getByRole('complementary', { name: 'Is this session still going?' }).count()).toBe(0);
  });

  it('says why nothing changes when the session was signed elsewhere', async () => {
    const { id } = await client().sessions.start({ stream: 'booth', startedAt: Date.now() / 1000 - 5 });
    await client().sessions.stop(id);
    await open(`#session=${id}`);
    await page.getByRole('textbox', { name: 'Title' }).waitFor();
    await client().sessions.sign(id, 'A. Vale');
    await page.getByRole('textbox', { name: 'Title' }).fill('Other');
    await page.getByRole('textbox', { name: 'Title' }).blur();
    await page.getByRole('alert').filter({ hasText: 'was signed by A. Vale and is locked' }).waitFor();
  });
});
