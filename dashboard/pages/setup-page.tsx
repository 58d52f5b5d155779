import './setup-page.css';
import { useEffect } from 'preact/hooks';
import { AddStream } from '../panels/setup/add-stream.tsx';
import { AlertRules } from '../panels/setup/alert-rules.tsx';
import { RenameStream } from '../panels/setup/rename-stream.tsx';
import { ErrorLine, Section } from '../panels/setup/section.tsx';
import { Sinks } from '../panels/setup/sinks.tsx';
import { StreamList } from '../panels/setup/stream-list.tsx';
import { ThisDevice } from '../panels/setup/this-device.tsx';
import { TokenSettings } from '../panels/setup/tokens.tsx';
import { useLoad } from '../panels/use-load.ts';
import { client } from '../state/client.ts';
import { t } from '../state/i18n.ts';
import { streamNames } from '../state/streams.ts';
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
  const list = useLoad(() => client.streams.list(), [streamNames.value]);
  return (
    <>
      <h2>{t('nav.setup')}</h2>
      <Section title={t('setup.streams')}>
        <ErrorLine text={list.error.value} />
        {list.value.value !== null && <StreamList streams={list.value.value} onChange={list.reload} />}
      </Section>
      <Section title={t('setup.add')} hint={t('setup.addHint')}>
        <AddStream onAdded={list.reload} />
      </Section>
      <TokenSettings />
      <ThisDevice />
    </>
  );
}

function StreamSetup({ stream }: { stream: string }) {
  const info = useLoad(() => client.streams.get(stream), [stream]);
  useEffect(() => scrollTo(0, 0), []);
  return (
    <>
      <a class="setup-back" href={SETUP_HREF}>
        ← {t('nav.setup')}
      </a>
      <h2>{stream}</h2>
      <ErrorLine text={info.error.value} />
      {info.value.value !== null && <RenameStream info={info.value.value} />}
      <AlertRules stream={stream} />
      <Sinks stream={stream} />
    </>
  );
}
