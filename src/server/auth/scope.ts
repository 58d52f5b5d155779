/**
 * What a token allows. `watch` and `send` say nothing of each other: a box that sends a room's sound need not
 * see what others play. `manage` includes both.
 */
export const SCOPES = ['watch', 'send', 'manage'] as const;

export type Scope = (typeof SCOPES)[number];

export function allows(granted: readonly Scope[], needed: Scope): boolean {
  return granted.includes(needed) || granted.includes('manage');
}
