import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Measured } from './measure.ts';

/** What was measured, by group and row: docs/formats.md is made from it. */
export type Ledger = Readonly<Record<string, Readonly<Record<string, Measured>>>>;

export const ledgerFile = (name: string): string =>
  fileURLToPath(new URL(`./measured/${name}.json`, import.meta.url));

export function readLedger(name: string): Ledger {
  const path = ledgerFile(name);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
}

/** Smaller differences come from the version of an encoder: what was written before stays. */
const NOISE = {
  seconds: 0.1,
  samples: 1200,
  loudness: 0.2,
  valence: 0.03,
  arousal: 0.03,
  activity: 1,
} as const;

/** The values written before, where those measured now agree with them. */
export function agreed(measured: Measured, written: Measured | undefined): Measured {
  if (!written || written.error !== measured.error || written.steps !== measured.steps) return measured;
  const near = Object.entries(NOISE).every(
    ([field, noise]) =>
      Math.abs(measured[field as keyof typeof NOISE] - written[field as keyof typeof NOISE]) <= noise,
  );
  return near ? { ...measured, ...written } : measured;
}

export const textOf = (ledger: Ledger): string => `${JSON.stringify(ledger, undefined, 2)}\n`;
