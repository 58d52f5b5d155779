import { z } from 'zod';
import { isoTime, jsonTime } from './time.ts';

const note = z
  .string('expected a text')
  .max(2_000, 'expected at most 2000 characters')
  .meta({ description: 'What happened; may be added later.' });

/** Body of `POST /v1/sessions/:id/markers`. */
export const newMarker = z
  .strictObject({
    time: jsonTime.optional().meta({ description: 'When it happened; now where not given.' }),
    note: note.optional(),
  })
  .meta({ id: 'NewMarker' });

/** Body of `PATCH /v1/sessions/:id/markers/:marker`. */
export const markerChange = z
  .strictObject({ time: jsonTime.optional(), note: note.optional() })
  .meta({ id: 'MarkerChange' });

export const marker = z
  .object({
    id: z.int(),
    time: isoTime,
    at: z.number().meta({ description: 'Seconds since the session began.' }),
    run: z.int().nullable().meta({ description: 'Run of the stream; null where nothing was heard.' }),
    t: z.number().nullable().meta({ description: 'Seconds of audio of that run; null as `run`.' }),
    note: z.string(),
  })
  .meta({ id: 'Marker' });

export const markerList = z.object({ markers: z.array(marker) }).meta({ id: 'Markers' });

export type NewMarker = z.input<typeof newMarker>;
export type MarkerChange = z.input<typeof markerChange>;
export type CheckedNewMarker = z.output<typeof newMarker>;
export type CheckedMarkerChange = z.output<typeof markerChange>;
export type Marker = z.output<typeof marker>;
