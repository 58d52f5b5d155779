import { t } from './i18n.ts';

/** Letters of the path that are shown after a station's host: its last ones, in which streams of a host differ. */
const PATH_LETTERS = 24;

/** What a person would call a source: the file's name without its folder, the station's host and path, "sound card". */
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
      return t('sourceName.file', { name: fileName(rest) });
    case 'http':
    case 'https':
      return stationName(rest.replace(/^\/\//, '').split(/[?#]/)[0]!);
    default:
      return uri;
  }
}

/** The name of a file, which is encoded in the URLs that browsers write: `///music/a%20song.ogg`. */
function fileName(path: string): string {
  // Only a tail of that form is options: a file may be called "Why? Because.ogg".
  const name = path
    .replace(/\?[a-z]+=[^?/\\]*$/, '')
    .split(/[/\\]/)
    .at(-1)!;
  try {
    return path.startsWith('//') ? decodeURIComponent(name) : name;
  } catch {
    return name;
  }
}

function stationName(address: string): string {
  const [host, ...parts] = address.replace(/\/$/, '').split('/');
  const path = parts.join('/');
  if (path === '') return host!;
  return path.length <= PATH_LETTERS ? `${host}/${path}` : `${host}/…${path.slice(-PATH_LETTERS)}`;
}
