import './library.css';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { LibraryFolder, LibraryFolders, LibraryScan } from '../../../src/client/index.ts';
import { client } from '../../state/client.ts';
import { locale, t } from '../../state/i18n.ts';
import { ConfirmButton, useConfirm } from '../confirm-button.tsx';
import { type Preloaded, useAttempt, useLoad } from '../use-load.ts';
import { TextField } from './field.tsx';
import { ErrorLine, Section } from './section.tsx';

const POLL_MS = 1_500;
const isRunning = (scan: LibraryScan | null): boolean =>
  scan?.state === 'scanning' || scan?.state === 'analyzing';

/** The folders of the library with their tracks, and the scan that analyzes what is new in them. */
export function LibrarySettings({ first }: { readonly first: Preloaded<LibraryFolders> }) {
  const list = useLoad(() => client.library.folders(), [], first);
  const path = useSignal('');
  const attempt = useAttempt();
  const { folders = [], allowed = [], scan = null } = list.value.value ?? {};
  const busy = isRunning(scan);
  useEffect(() => {
    if (!busy) return;
    const timer = setInterval(() => {
      if (!document.hidden) list.reload();
    }, POLL_MS);
    return () => clearInterval(timer);
  }, [busy]);
  const run = (work: () => Promise<unknown>) =>
    attempt.run(work).then((done) => {
      list.reload();
      return done;
    });
  return (
    <Section title={t('library.title')} hint={t('library.hint')}>
      <ErrorLine text={list.error.value} />
      {list.value.value !== null && (
        <>
          {folders.length === 0 ? (
            <p class="setup-empty">{t('library.none')}</p>
          ) : (
            <ul class="setup-list">
              {folders.map((folder) => (
                <FolderRow key={folder.path} folder={folder} busy={busy} onChange={list.reload} />
              ))}
            </ul>
          )}
          {(folders.length > 0 || scan !== null) && (
            <>
              <ScanProgress scan={scan} />
              <div class="library-actions">
                {busy ? (
                  <button
                    type="button"
                    class="button"
                    onClick={() => void run(() => client.library.stopScan())}
                  >
                    {t('library.stop')}
                  </button>
                ) : (
                  folders.length > 0 && (
                    <button
                      type="button"
                      class="button"
                      onClick={() => void run(() => client.library.scan())}
                    >
                      {t('library.rescan')}
                    </button>
                  )
                )}
              </div>
            </>
          )}
          {allowed.length === 0 ? (
            <p class="setup-hint">
              {t('library.add')} <code>undertone library add</code>
            </p>
          ) : (
            <form
              class="setup-form"
              onSubmit={(event) => {
                event.preventDefault();
                void run(() => client.library.addFolder(path.peek().trim())).then((added) => {
                  if (added) path.value = '';
                });
              }}
            >
              <TextField
                label={t('library.folder')}
                required
                spellcheck={false}
                placeholder={allowed[0]!}
                hint={t('library.allowed', { folders: allowed.join(', ') })}
                value={path}
              />
              <button type="submit" class="button button-primary" disabled={busy || attempt.busy.value}>
                {t('library.addFolder')}
              </button>
            </form>
          )}
          <ErrorLine text={attempt.error.value} />
        </>
      )}
    </Section>
  );
}

interface FolderRowProps {
  readonly folder: LibraryFolder;
  readonly busy: boolean;
  readonly onChange: () => void;
}

function FolderRow({ folder: { path, tracks, seconds, missing, failed }, busy, onChange }: FolderRowProps) {
  const attempt = useAttempt();
  const remove = useConfirm(
    () =>
      void attempt.run(async () => {
        await client.library.removeFolder(path);
        onChange();
      }),
  );
  const parts = [
    t('library.tracks', { count: tracks }),
    t('library.hours', { hours: (seconds / 3600).toLocaleString(locale(), { maximumFractionDigits: 1 }) }),
    missing > 0 && t('library.missing', { count: missing }),
    failed > 0 && t('library.failed', { count: failed }),
  ].filter((part) => part !== false);
  return (
    <li class="setup-row">
      <div class="setup-row-text">
        <b class="library-path">{path}</b>
        <span class="setup-source">{parts.join(' · ')}</span>
        <ErrorLine text={attempt.error.value} />
      </div>
      {!busy && (
        <div class="setup-row-actions">
          <ConfirmButton
            confirm={remove}
            text={t('action.remove')}
            confirmText={t('action.removeNow')}
            object={path}
          />
        </div>
      )}
    </li>
  );
}

function ScanProgress({ scan }: { readonly scan: LibraryScan | null }) {
  const text = scan === null ? '' : scanText(scan);
  return (
    <>
      {scan !== null && isRunning(scan) && (
        <progress
          class="library-progress"
          aria-label={t('library.progress')}
          max={Math.max(1, scan.total)}
          value={scan.state === 'scanning' ? undefined : scan.done}
        />
      )}
      <p class="library-scan" role="status">
        {text}
      </p>
    </>
  );
}

function scanText({ state, done, total, failed, message }: LibraryScan): string {
  const text = t(`library.${state}`, { done, total });
  const rest = failed > 0 ? ` ${t('library.failed', { count: failed })}.` : '';
  return `${text}${rest}${message === null ? '' : ` ${message}`}`;
}
