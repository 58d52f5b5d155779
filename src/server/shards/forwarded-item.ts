import type { SourceItem } from '../../types.ts';

/** An item that the main thread sends to a shard, with samples as the source has them. */
export type ForwardedItem = SourceItem<Float32Array | Int16Array>;
