/**
 * Text for a terminal, on one line: control characters, which names of files and titles may contain, are escaped as in
 * JSON (`\n`, `\u001b`), and so are the marks that reorder text.
 */
export const printable = (text: string): string =>
  text.replace(CONTROL, (c) =>
    c < ' ' ? JSON.stringify(c).slice(1, -1) : `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

const CONTROL = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;
