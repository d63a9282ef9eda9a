import { closeSync, openSync, readFileSync, readSync } from "node:fs";

const size = 1 << 20;
/** What must at least be free before a file is tried: nearly all revisions are smaller. */
const room = 1 << 16;
let block = Buffer.alloc(0);
let used = 0;

/** A file's bytes. Thousands of small files share a few large blocks, outside of what the garbage collector moves about. */
export function bytesOf(file: string): Buffer {
  if (block.length - used < room) {
    block = Buffer.allocUnsafeSlow(size);
    used = 0;
  }
  const descriptor = openSync(file, "r");
  let length: number;
  try {
    length = readSync(descriptor, block, used, block.length - used, null);
  } finally {
    closeSync(descriptor);
  }
  // full to the brim: there may be more
  if (length === block.length - used) return readFileSync(file);
  used += length;
  return block.subarray(used - length, used);
}
