import { FORECAST_FIELDS } from '../frame-fields.ts';
import type { Forecast } from '../types.ts';
import { blobBytes } from './sql.ts';

/**
 * The forecasts of a frame as a BLOB, without loss: 24-bit integers if every number has at most six decimals
 * (106 bytes for five horizons), otherwise 64-bit floats.
 *
 * Layout: one byte, then the numbers of each forecast, little-endian, in the order of FORECAST_FIELDS. The low two
 * bits of the byte are the kind of number: 1 for integers, 2 for floats. The upper six bits are the number of fields
 * beyond the first seven, so that old BLOBs stay readable when a field is added at the end of the table. In the integer
 * kind, horizons are in milliseconds and all other numbers in millionths. In the float kind, NaN is null.
 */
const FIELDS = Object.keys(FORECAST_FIELDS) as (keyof Forecast)[];
const FIRST_FIELDS = 7;
const BEYOND = (FIELDS.length - FIRST_FIELDS) << 2;

const KIND_INT24 = 1;
const KIND_FLOAT64 = 2;
const KIND_BITS = 3;

const scaleOf = (field: keyof Forecast) => (field === 'horizon' ? 1e3 : 1e6);

export function encodeForecasts(forecasts: readonly Forecast[]): Buffer | null {
  if (forecasts.length === 0) return null;
  return encodeInt24(forecasts) ?? encodeFloat64(forecasts);
}

export function decodeForecasts(blob: Buffer | ArrayBuffer | null): Forecast[] {
  if (!blob || blob.byteLength === 0) return [];
  const data = blobBytes(blob);
  const small = (data[0]! & KIND_BITS) === KIND_INT24;
  const stored = FIELDS.slice(0, FIRST_FIELDS + (data[0]! >> 2));
  const bytes = small ? 3 : 8;
  const forecasts: Forecast[] = [];
  for (let at = 1; at + bytes * stored.length <= data.length; ) {
    const forecast: Record<string, number | null> = {};
    for (const field of FIELDS) forecast[field] = null;
    for (const field of stored) {
      const value = small ? data.readIntLE(at, 3) / scaleOf(field) : data.readDoubleLE(at);
      forecast[field] = Number.isNaN(value) ? null : value;
      at += bytes;
    }
    forecasts.push(forecast as unknown as Forecast);
  }
  return forecasts;
}

/** null if a number would lose digits. */
function encodeInt24(forecasts: readonly Forecast[]): Buffer | null {
  const blob = Buffer.alloc(1 + forecasts.length * FIELDS.length * 3);
  let at = blob.writeUInt8(KIND_INT24 | BEYOND, 0);
  for (const forecast of forecasts) {
    for (const field of FIELDS) {
      const value = forecast[field];
      const scaled = Math.round(value * scaleOf(field));
      if (!(Math.abs(scaled) <= 0x7fffff) || scaled / scaleOf(field) !== value) return null;
      at = blob.writeIntLE(scaled, at, 3);
    }
  }
  return blob;
}

function encodeFloat64(forecasts: readonly Forecast[]): Buffer {
  const blob = Buffer.alloc(1 + forecasts.length * FIELDS.length * 8);
  let at = blob.writeUInt8(KIND_FLOAT64 | BEYOND, 0);
  for (const forecast of forecasts) {
    for (const field of FIELDS) at = blob.writeDoubleLE(forecast[field] ?? Number.NaN, at);
  }
  return blob;
}
