export const KERNEL_MODULES: readonly { source: string; target: string; constant: string }[];
/** The module of a source in Base64. @param source path from the repository's root */
export function assembleKernels(source: string): Promise<string>;
