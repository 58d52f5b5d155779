/** What a person would call a source: the file's name without its folder, the station's host, "sound card". */
export function sourceName(uri: string): string {
  const at = uri.indexOf(':');
  if (at < 0) return uri;
  const [scheme, rest] = [uri.slice(0, at), uri.slice(at + 1)];
  switch (scheme) {
    case 'ws':
      return 'sent by a client';
    case 'demo':
      return 'built-in demo';
    case 'stdin':
      return 'standard input';
    case 'soundcard':
      return rest === '' ? 'sound card' : `sound card “${rest}”`;
    case 'file':
      return `file “${rest.split('?')[0]!.split(/[/\\]/).at(-1)}”`;
    case 'http':
    case 'https':
      return rest.replace(/^\/\//, '').split(/[/?#]/)[0]!;
    default:
      return uri;
  }
}
