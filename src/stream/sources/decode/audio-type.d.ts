/** `audio-type` has no types of its own. */
declare module 'audio-type' {
  // biome-ignore lint/style/noDefaultExport: it is what the package has
  export default function audioType(bytes: Uint8Array): string | undefined;
}
