import { signal } from '@preact/signals';

/** What the chart can span, in seconds. The longest is what the rings hold. */
export const WINDOWS = [60, 180, 900] as const;

export const windowSeconds = signal<number>(180);
