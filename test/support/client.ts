import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { type Engine, engines } from "./databases.ts";

const clients: Record<Engine, string> = { postgres: "psql", mysql: "mariadb" };

/** The engines whose own client is installed. */
export const withClients = engines.filter((engine) => installed(clients[engine]));

/** Gives a script to the engine's own client, as a user would. */
export function feed(engine: Engine, address: string, text: string): void {
  execFileSync(clients[engine], argumentsFor(engine, address, text), { input: text, stdio: ["pipe", "ignore", "pipe"] });
}

/** The same, without waiting for its end. */
export function feeding(engine: Engine, address: string, text: string): ChildProcess {
  const client = spawn(clients[engine], argumentsFor(engine, address, text), { stdio: ["pipe", "ignore", "ignore"] });
  client.stdin.on("error", () => {}).end(text);
  return client;
}

function argumentsFor(engine: Engine, address: string, text: string): readonly string[] {
  const url = new URL(address);
  if (engine === "postgres") return ["-X", "-q", "-d", address];
  const password = url.password ? [`-p${url.password}`] : [];
  const binary = text.includes("-- with --binary-mode") ? ["--binary-mode"] : [];
  return ["-h", url.hostname, "-P", url.port || "3306", "-u", url.username, ...password, ...binary, url.pathname.slice(1)];
}

/** What the client says when it stops. */
export async function said(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    const { stderr, stdout } = error as { stderr: Buffer; stdout: Buffer };
    return `${stderr}${stdout}`;
  }
  throw new Error("the script did not stop");
}

function installed(client: string): boolean {
  try {
    execFileSync(client, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
