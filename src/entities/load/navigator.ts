import { sep } from "node:path";

const asking = `${sep}pg${sep}lib${sep}stream.js`;

/**
 * pg wants to know whether it runs in a worker of Cloudflare's. Where nothing tells it the platform, before Node 21, it makes a `Response`
 * to find out, and for that Node loads all of `fetch`, which takes as long as the rest of the driver: so it is told, while it asks.
 */
export function tellingPlatform<T>(file: string, load: () => T): T {
  if (!file.endsWith(asking) || "navigator" in globalThis) return load();
  Object.defineProperty(globalThis, "navigator", { value: { userAgent: `Node.js/${process.versions.node}` }, configurable: true });
  try {
    return load();
  } finally {
    Reflect.deleteProperty(globalThis, "navigator");
  }
}
