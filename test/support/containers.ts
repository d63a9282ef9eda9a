/** A throw-away server in a container; null where no engine answers. */
export async function startContainer(kind: "postgres" | "mariadb") {
  const { getContainerRuntimeClient } = await import("testcontainers");
  await getContainerRuntimeClient();
  if (kind === "postgres") {
    const { PostgreSqlContainer } = await import("@testcontainers/postgresql");
    const container = await new PostgreSqlContainer("postgres:17-alpine").start();
    return { url: container.getConnectionUri(), from: "a container", stop: async () => void (await container.stop()) };
  }
  const { MariaDbContainer } = await import("@testcontainers/mariadb");
  const container = await new MariaDbContainer("mariadb:11.4").withRootPassword("root").start();
  const url = `mysql://root:root@${container.getHost()}:${container.getPort()}/mysql`;
  return { url, from: "a container", stop: async () => void (await container.stop()) };
}
