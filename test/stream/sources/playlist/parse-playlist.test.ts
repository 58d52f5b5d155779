import { describe, expect, test } from 'vitest';
import { localAddressOf, webAddressOf } from '../../../../src/stream/sources/playlist/entry-address.ts';
import { parsePlaylist } from '../../../../src/stream/sources/playlist/parse-playlist.ts';

const A = 'http://a.example/1?x=1&y=2';
const B = 'http://b.example/2';

describe('parsePlaylist', () => {
  test.each<[what: string, text: string, format: string, entries: readonly string[]]>([
    ['extended M3U', `#EXTM3U\r\n#EXTINF:-1,X\r\n${A}\r\n\r\n  ${B}  \r\n`, 'M3U', [A, B]],
    ['a list of addresses', `# mine\n${A}\n${B}`, 'M3U', [A, B]],
    ['PLS, in its numbers', `[playlist]\nFile2=${B}\nTitle2=x\nFile1=${A}\nVersion=2`, 'PLS', [A, B]],
    ['PLS, sloppy', `\r\n[Playlist]\r\n file1 = ${A} \r\n`, 'PLS', [A]],
    ['a list of references', `[Reference]\nRef1=${A}\n`, 'PLS', [A]],
    [
      'XSPF',
      `<?xml version="1.0"?><playlist version="1"><location>http://itself/</location><trackList>
       <track><location>${A.replaceAll('&', '&amp;')}</location><location>http://mirror/</location></track>
       <track><title>x</title><location><![CDATA[${B}]]></location></track><track/></trackList></playlist>`,
      'XSPF',
      [A, B],
    ],
    [
      'ASX',
      `<ASX version="3.0"><ENTRY><REF HREF="${A.replaceAll('&', '&#38;')}"/></ENTRY><entry><ref href='${B}'></entry></ASX>`,
      'ASX',
      [A, B],
    ],
    ['WPL', `<?wpl version="1.0"?><smil><body><seq><media src="${B}"/></seq></body></smil>`, 'ASX', [B]],
    ['HLS', '#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:10,\nseg0.aac\n', 'HLS', []],
    ['DASH', '<?xml version="1.0"?>\n<MPD xmlns="urn:mpeg:dash:schema:mpd:2011"/>', 'DASH', []],
  ])('%s', (_what, text, format, entries) => {
    expect(parsePlaylist(text, false)).toEqual({ format, entries, ...(format === 'HLS' && { text }) });
  });

  test.each(['la la la', '<html>http://a/</html>', '{"a": 1}', '', 'http://a/ and more'])(
    '%j is none',
    (text) => {
      expect(parsePlaylist(text, false)).toBeUndefined();
    },
  );

  test('an M3U of paths needs its name', () => {
    expect(parsePlaylist('a.mp3\nb c.mp3', true)).toEqual({ format: 'M3U', entries: ['a.mp3', 'b c.mp3'] });
    expect(parsePlaylist('a.mp3\nb c.mp3', false)).toBeUndefined();
  });
});

describe('entries', () => {
  test.each([
    ['b.mp3', 'http://x/a/b.mp3'],
    ['/b.mp3', 'http://x/b.mp3'],
    ['//y/b.mp3', 'http://y/b.mp3'],
    ['https://y/ö c', 'https://y/%C3%B6%20c'],
  ])('on the web: %s', (entry, address) => {
    expect(webAddressOf(entry, 'http://x/a/list.m3u')).toBe(address);
  });

  test.each(['file:///etc/passwd', 'rtsp://x/', 'C:\\music\\a.mp3', 'data:audio/wav;base64,'])(
    'on the web, %s is refused',
    (entry) => {
      expect(() => webAddressOf(entry, 'http://x/')).toThrow(expect.objectContaining({ code: 'bad-url' }));
    },
  );

  test.skipIf(process.platform === 'win32').each([
    ['b c.mp3', { path: '/music/b c.mp3' }],
    ['sub\\b.mp3', { path: '/music/sub/b.mp3' }],
    ['Suite: one.wav', { path: '/music/Suite: one.wav' }],
    ['/b.mp3', { path: '/b.mp3' }],
    ['file:///a/b%20c.mp3', { path: '/a/b c.mp3' }],
    ['HTTP://x/b', { url: 'HTTP://x/b' }],
  ])('on this computer: %s', (entry, address) => {
    expect(localAddressOf(entry, '/music')).toEqual(address);
  });

  test.each(['mms://x/y', 'file://server/b.mp3'])('on this computer, %s is refused', (entry) => {
    if (process.platform === 'win32') return;
    expect(() => localAddressOf(entry, '/music')).toThrow(expect.objectContaining({ code: 'bad-url' }));
  });
});
