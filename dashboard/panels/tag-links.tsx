import './tag-links.css';
import { t } from '../state/i18n.ts';
import { taggedHref } from '../state/session-search.ts';

/** Tags of a session; each is a link to all sessions that have it. */
export function TagLinks({ tags }: { readonly tags: readonly string[] }) {
  return (
    <span class="tag-links">
      {tags.map((tag) => (
        <a key={tag} href={taggedHref(tag)} title={t('sessions.searchTag', { tag })}>
          {tag}
        </a>
      ))}
    </span>
  );
}
