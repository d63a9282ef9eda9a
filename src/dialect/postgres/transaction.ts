import { tokensOf } from "./scan.ts";

/** The statement that begins or ends a transaction, where one of those in the text does; null where none does. Strings and bodies are not read. */
export function transactionWord(sql: string): string | null {
  let words: string[] = [];
  for (const { kind, text } of [...tokensOf(sql), { kind: "sign", text: ";" } as const]) {
    if (kind === "space") continue;
    if (kind === "sign" && text === ";") {
      const said = words.join(" ");
      if (ends.test(said)) return said;
      words = [];
      // what follows a statement's second word tells of no transaction
    } else if (words.length < 3) words.push(text.toUpperCase());
  }
  return null;
}

/** ROLLBACK TO goes to a savepoint, and stays in the transaction; BEGIN ATOMIC, in a function, is never a statement's first word. */
const ends =
  /^(?:COMMIT|ABORT|BEGIN|START TRANSACTION|PREPARE TRANSACTION|END(?: WORK| TRANSACTION)|ROLLBACK(?!(?: WORK| TRANSACTION)? TO\b))\b/;
