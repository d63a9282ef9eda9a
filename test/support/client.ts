import { execFileSync } from "node:child_process";
import { type Engine, engines } from "./databases.ts";

const clients: Record<Engine, string> = { postgres: "psql", mysql: "mariadb" };

/** The engines whose own client is installed. */
export const withClients = engines.filter((engine) => installed(clients[engine]));

/** Gives a script to the engine's own client, as a user would. */
export function feed(engine: Engine, address: string, text: string): void {
  const url = new URL(address);
  const args =
    engine === "postgres"
      ? ["-X", "-q", "-d", address]
      : [
          "-h",
          url.hostname,
          "-P",
          url.port || "3306",
          "-u",
          url.username,
          ...(url.password ? [`-p${url.password}`] : []),
          ...(text.includes("-- with --binary-mode") ? ["--binary-mode"] : []),
          url.pathname.slice(1),
        ];
  execFileSync(clients[engine], args, { input: text, stdio: ["pipe", "ignore", "pipe"] });
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
