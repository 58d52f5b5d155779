import { type App, json, route } from '../http/route.ts';
import type { Folders } from './folders.ts';
import type { Library } from './library.ts';
import {
  folderBody,
  folderQuery,
  foldersAnswer,
  libraryAnswer,
  libraryQuery,
  nextAnswer,
  nextQuery,
  scanAnswer,
} from './schema.ts';

export interface LibraryServices {
  readonly library: Library;
  readonly folders: Folders;
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

const getFolders = route('manage', {
  method: 'get',
  path: '/v1/library/folders',
  tags,
  summary: 'List the folders of the library, and the progress of its scan',
  responses: { 200: json(foldersAnswer, 'The folders.') },
});

const addFolder = route('manage', {
  method: 'post',
  path: '/v1/library/folders',
  tags,
  summary: 'Add a folder to the library, and begin to analyze it',
  description: 'Only folders in those of `remote.folders` of the configuration.',
  request: { body: { ...json(folderBody, 'The folder.'), required: true } },
  responses: { 202: json(scanAnswer, 'The scan has begun.') },
});

const removeFolder = route('manage', {
  method: 'delete',
  path: '/v1/library/folders',
  tags,
  summary: 'Remove a folder and its tracks from the library; its files stay',
  request: { query: folderQuery },
  responses: { 204: { description: 'It is removed.' } },
});

const scanLibrary = route('manage', {
  method: 'post',
  path: '/v1/library/scan',
  tags,
  summary: 'Analyze what is new or has changed in the folders of the library',
  responses: { 202: json(scanAnswer, 'The scan has begun.') },
});

const stopScan = route('manage', {
  method: 'delete',
  path: '/v1/library/scan',
  tags,
  summary: 'Stop the scan; what is analyzed is kept',
  responses: { 204: { description: 'No scan runs.' } },
});

export function libraryRoutes(app: App, { library, folders }: LibraryServices): void {
  app.openapi(getFolders, (c) => c.json(folders.list(), 200));
  app.openapi(addFolder, (c) => c.json(folders.add(c.req.valid('json').path), 202));
  app.openapi(removeFolder, (c) => {
    folders.remove(c.req.valid('query').path);
    return c.body(null, 204);
  });
  app.openapi(scanLibrary, (c) => c.json(folders.rescan(), 202));
  app.openapi(stopScan, async (c) => {
    await folders.stop();
    return c.body(null, 204);
  });
  app.openapi(getNext, (c) => c.json(library.next(c.req.valid('query')), 200));
  app.openapi(getLibrary, (c) => c.json(library.list(c.req.valid('query')), 200));
}
