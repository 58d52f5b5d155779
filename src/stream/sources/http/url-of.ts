import { UserError } from '../../../user-error.ts';

/** @throws UserError `bad-url` */
export function urlOf(url: string): URL {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return new URL(url);
  const message = `"${url}" is not a web address: expected one such as https://host/song.mp3.`;
  throw new UserError('bad-url', message);
}
