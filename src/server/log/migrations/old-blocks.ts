/**
 * Blocks are packed by another codec from this step on (codec/block.ts). A year of a stream takes minutes to pack
 * anew, so this only notes which blocks are old: upkeep packs some of them every few seconds (upkeep/repacker.ts), and
 * both kinds are read meanwhile.
 */
export const OLD_BLOCKS = `
  CREATE TABLE old_blocks (id INTEGER PRIMARY KEY);
  INSERT INTO old_blocks SELECT id FROM blocks;
`;
