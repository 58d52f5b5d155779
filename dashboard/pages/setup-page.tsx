import './setup-page.css';
import { AddStream } from '../panels/setup/add-stream.tsx';
import { loadAlertWeek } from '../panels/setup/alert-history.tsx';
import { AlertRules } from '../panels/setup/alert-rules.tsx';
import { LibrarySettings } from '../panels/setup/library.tsx';
import { RenameStream } from '../panels/setup/rename-stream.tsx';
import { ErrorLine, Section } from '../panels/setup/section.tsx';
import { Sinks } from '../panels/setup/sinks.tsx';
import { StreamList } from '../panels/setup/stream-list.tsx';
import { ThisDevice } from '../panels/setup/this-device.tsx';
import { TokenSettings } from '../panels/setup/tokens.tsx';
import { preload, useLoad } from '../panels/use-load.ts';
import { client, errorMessage } from '../state/client.ts';
import { t } from '../state/i18n.ts';
import { nameNow, streamNames } from '../state/streams.ts';
import { SETUP_HREF } from '../state/view.ts';

/** Everything that is set up on the page: streams, access, this device; or one stream. */
export function SetupPage({ stream }: { readonly stream: string | null }) {
  return (
    <main id="content" class="setup-page" tabIndex={-1}>
      {stream === null ? <Overview /> : <StreamSetup key={stream} stream={stream} />}
    </main>
  );
}

function Overview() {
  const loaded = useLoad(loadOverview, []);
  const first = loaded.value.value;
  return (
    <>
      <h2>{t('nav.setup')}</h2>
      {first !== null && <Sections first={first} />}
    </>
  );
}

async function loadOverview() {
  const [streams, sources, tokens, library] = await Promise.all([
    preload(client.streams.list()),
    preload(client.inputs.sources()),
    preload(client.tokens.list()),
    preload(client.library.folders()),
  ]);
  return { streams, sources, tokens, library };
}

function Sections({ first }: { first: Awaited<ReturnType<typeof loadOverview>> }) {
  const list = useLoad(() => client.streams.list(), [streamNames.value], first.streams);
  return (
    <>
      <Section title={t('setup.streams')}>
        <ErrorLine text={list.error.value} />
        {list.value.value !== null && <StreamList streams={list.value.value} onChange={list.reload} />}
      </Section>
      <Section title={t('setup.add')} hint={t('setup.addHint')}>
        <AddStream first={first.sources} onAdded={list.reload} />
      </Section>
      <TokenSettings first={first.tokens} />
      <LibrarySettings first={first.library} />
      <ThisDevice />
    </>
  );
}

function StreamSetup({ stream }: { stream: string }) {
  const loaded = useLoad(() => loadStream(stream), [stream]);
  const first = loaded.value.value;
  return (
    <>
      <a class="setup-back" href={SETUP_HREF}>
        ← {t('nav.setup')}
      </a>
      <h2>{stream}</h2>
      {first !== null && (
        <>
          {nameNow(stream) === null ? (
            <p class="setup-hint">{t('stopped.removed')}</p>
          ) : 'value' in first.info ? (
            <RenameStream info={first.info.value} />
          ) : (
            <ErrorLine text={errorMessage(first.info.error)} />
          )}
          <AlertRules stream={stream} first={first.rules} past={first.past} />
          <Sinks stream={stream} first={first.sinks} />
        </>
      )}
    </>
  );
}

async function loadStream(stream: string) {
  const [info, rules, past, sinks] = await Promise.all([
    preload(client.streams.get(stream)),
    preload(client.streams.alerts(stream)),
    preload(loadAlertWeek(stream)),
    preload(client.streams.sinks(stream)),
  ]);
  return { info, rules, past, sinks };
}
