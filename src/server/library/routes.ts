import { type App, json, route } from '../http/route.ts';
import type { Library } from './library.ts';
import { libraryAnswer, libraryQuery, nextAnswer, nextQuery } from './schema.ts';

export interface LibraryServices {
  readonly library: Library;
}

const tags = ['Library'];

const getNext = route('watch', {
  method: 'get',
  path: '/v1/next',
  tags,
  summary: 'Get the tracks of the library that continue best what a stream plays',
  description:
    'By how their openings continue the forecast of the stream, tempo, key, and a wished direction. What was played is left out with `exclude`.',
  request: { query: nextQuery },
  responses: { 200: json(nextAnswer, 'The candidates, best first.') },
});

const getLibrary = route('watch', {
  method: 'get',
  path: '/v1/library',
  tags,
  summary: 'List the tracks of the library',
  description: 'The library is made with `undertone library add`.',
  request: { query: libraryQuery },
  responses: { 200: json(libraryAnswer, 'The tracks, by path.') },
});

export function libraryRoutes(app: App, { library }: LibraryServices): void {
  app.openapi(getNext, (c) => c.json(library.next(c.req.valid('query')), 200));
  app.openapi(getLibrary, (c) => c.json(library.list(c.req.valid('query')), 200));
}
