const KEY = 'undertone.microphone';

/** The name under which this browser sends its microphone: the same every time, another on each computer. */
export function microphoneStream(): string {
  try {
    const known = localStorage.getItem(KEY);
    if (known !== null) return known;
    const fresh = newName();
    localStorage.setItem(KEY, fresh);
    return fresh;
  } catch {
    return newName();
  }
}

function newName(): string {
  const letters = crypto.getRandomValues(new Uint8Array(4));
  return `mic-${Array.from(letters, (byte) => (byte % 36).toString(36)).join('')}`;
}
