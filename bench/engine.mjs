// The servers: where they are, how a database of our own is made there, and what its column types are called.
import mysql from "mysql2/promise";
import pg from "pg";

const place = (server, name) => Object.assign(new URL(server), { pathname: `/${name}` }).toString();

const postgres = {
  name: "PostgreSQL",
  type: "postgres",
  /** a script that opens a session and asks one thing */
  session: `const client = new (require("pg").Client)({ connectionString: process.env.DATABASE_URL });
client.connect().then(() => client.query("SELECT 1")).then(() => client.end());`,
  columns: { decimal: "numeric", json: "jsonb", moment: "timestamptz", noteDefault: true },
  async databases() {
    const server = process.env.PG_URL ?? "postgres://postgres@127.0.0.1:5432/postgres";
    const client = new pg.Client({ connectionString: server });
    await client.connect();
    const drop = (name) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    return {
      version: (await client.query("SHOW server_version")).rows[0].server_version,
      drop,
      make: async (name) => {
        await drop(name);
        await client.query(`CREATE DATABASE ${name} TEMPLATE template0`);
        return place(server, name);
      },
      close: () => client.end(),
    };
  },
};

const mariadb = {
  name: "MariaDB",
  type: "mariadb",
  session: `require("mysql2/promise").createConnection(process.env.DATABASE_URL)
  .then(async (client) => { await client.query("SELECT 1"); await client.end(); });`,
  columns: { decimal: "decimal", json: "json", moment: "datetime", noteDefault: false },
  async databases() {
    const server = process.env.MYSQL_URL ?? "mysql://root@127.0.0.1:3306/mysql";
    const client = await mysql.createConnection(server);
    const drop = (name) => client.query(`DROP DATABASE IF EXISTS ${name}`);
    return {
      version: (await client.query("SELECT version() AS v"))[0][0].v,
      drop,
      make: async (name) => {
        await drop(name);
        await client.query(`CREATE DATABASE ${name}`);
        return place(server, name);
      },
      close: () => client.end(),
    };
  },
};

export const engines = { pg: postgres, my: mariadb };
