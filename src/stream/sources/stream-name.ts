/** What may name a stream: it stands in addresses, file names and the log. */
export const STREAM_NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;
