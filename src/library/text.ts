/** `+0.31`, `−0.05`, `0.00`. */
export function signed(x: number): string {
  const text = Math.abs(x).toFixed(2);
  return text === '0.00' ? text : `${x < 0 ? '−' : '+'}${text}`;
}

/** `3:07`, `1:02:07`. */
export function minutes(seconds: number): string {
  const whole = Math.round(seconds);
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown.map((part, i) => (i === 0 ? String(part) : String(part).padStart(2, '0'))).join(':');
}
