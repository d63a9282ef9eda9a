import { cutName } from "../quote.ts";

/** The name of something that is there for a while only; the same each time, and another one for each thing that it is made for. */
export function ownName(purpose: string, of: string): string {
  const name = `limbeck_${purpose}_${of}`;
  if (Buffer.byteLength(name) <= 63) return name;
  return `${cutName(name, 63 - 9)}_${fingerprint(of)}`;
}

/** FNV-1a: two long names that begin alike are told apart. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text, "utf8")) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, "0");
}
