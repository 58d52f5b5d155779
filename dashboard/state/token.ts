const KEY = 'undertone.token';

/** The token of this page: `?token=` of its address, otherwise the one that was entered; null without one. */
export const pageToken: string | null = new URLSearchParams(location.search).get('token') ?? enteredToken();

/** Opens the page again with `token`, kept until the tab is closed: never in the address, which ends up in logs. */
export function enterToken(token: string): void {
  const url = new URL(location.href);
  url.searchParams.delete('token');
  try {
    sessionStorage.setItem(KEY, token);
  } catch {
    url.searchParams.set('token', token); // Storage is blocked.
  }
  if (url.href === location.href) location.reload();
  else location.replace(url);
}

function enteredToken(): string | null {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null;
  }
}
