import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hide, journalled, redact } from "../../../src/core/redact.ts";

describe("a text that is redacted", () => {
  it.each([
    ["CREATE USER bob PASSWORD 's3cret''s'", "CREATE USER bob PASSWORD '***'"],
    ["CREATE USER bob@'%' IDENTIFIED BY 'a\\'b'", "CREATE USER bob@'%' IDENTIFIED BY '***'"],
    ["ALTER USER bob IDENTIFIED WITH mysql_native_password BY 'x y'", "ALTER USER bob IDENTIFIED WITH mysql_native_password BY '***'"],
    ["CONNECTION 'host=db password=s3cret user=bob'", "CONNECTION 'host=db password=*** user=bob'"],
    ["postgres:/bob:s3cret@db/shop", "postgres:/bob:***@db/shop"],
    ["the password of the user, 'bob', is wrong", "the password of the user, 'bob', is wrong"],
    ["ALTER TABLE users ADD COLUMN password varchar(200)", "ALTER TABLE users ADD COLUMN password varchar(200)"],
  ])("%s", (text, clean) => {
    expect(redact(text)).toBe(clean);
  });

  it("has no password that was used to connect, however it is spelled", () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 8, maxLength: 20, unit: "grapheme-ascii" }),
        fc.constantFrom(" ", "'", '"', ":", "(", "\n"),
        (secret, sign) => {
          fc.pre(/^[^\s].*[^\s]$/.test(secret));
          hide(secret);
          for (const spelled of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), secret.replaceAll("'", "''")]) {
            expect(redact(`near${sign}${spelled}${sign}at`)).not.toContain(`${sign}${spelled}${sign}`);
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it("keeps words that are no secret: short ones, and names that are shown anyway", () => {
    hide("root");
    hide("postgres", ["postgres", "localhost"]);
    expect(redact("role postgres, user root")).toBe("role postgres, user root");
  });

  it("stands so in the journal, where it is raw SQL", () => {
    const kept = journalled([
      { kind: "execute", sql: "CREATE USER x PASSWORD 'abc'", undo: "DROP USER x" },
      { kind: "addColumn", column: { default: "'password=x'" } },
    ]);
    expect(JSON.parse(kept)).toEqual([
      { kind: "execute", sql: "CREATE USER x PASSWORD '***'", undo: "DROP USER x" },
      { kind: "addColumn", column: { default: "'password=x'" } },
    ]);
  });
});
