import { t } from './i18n.ts';
/** What a person would call a source: the file's name without its folder, the station's host, "sound card". */
export function sourceName(uri: string): string {
  const at = uri.indexOf(':');
  if (at < 0) return uri;
  const [scheme, rest] = [uri.slice(0, at), uri.slice(at + 1)];
  switch (scheme) {
    case 'ws':
      return t('sourceName.client');
    case 'demo':
      return t('sourceName.demo');
    case 'stdin':
      return t('sourceName.stdin');
    case 'soundcard':
      return rest === '' ? t('sourceName.soundcard') : t('sourceName.soundcardNamed', { name: rest });
    case 'file':
      return t('sourceName.file', { name: rest.split('?')[0]!.split(/[/\\]/).at(-1) });
    case 'http':
    case 'https':
      return rest.replace(/^\/\//, '').split(/[/?#]/)[0]!;
    default:
      return uri;
  }
}
