/** The module's bytes in Base64. */
export function assembleKernels(): Promise<string>;
