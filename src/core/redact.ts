/**
 * Passwords that were used to connect. They are known only where a connection is made, and may come back in any text that a server, a driver
 * or a user's own code gives.
 */
const secrets = new Map<string, RegExp>();

/** From now on it is in no text that was redacted. A short or common word is not hidden: half of all sentences would go with it. */
export function hide(secret: string, known: readonly (string | undefined)[] = []): void {
  if (secret.length < 6 || known.includes(secret)) return;
  for (const text of new Set([secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), secret.replaceAll("'", "''")])) {
    secrets.set(text, new RegExp(`(?<![\\p{L}\\p{N}_])${text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&")}(?![\\p{L}\\p{N}_])`, "gu"));
  }
}

/** A text without passwords: those in URLs, those that SQL and connection strings name as such, those that were hidden. */
export function redact(text: string): string {
  let clean = text
    // a password may hold any sign, so it ends at the last @ of the word: rather too much is hidden than too little
    .replace(/([a-z][a-z0-9+.-]*:\/\/?[^\s/:@]*):\S*@/gi, "$1:***@")
    .replace(/([?&](?:password|passwd|pwd|sslpassword|token)=)[^&\s"']*/gi, "$1***")
    .replace(
      /(\b(?:password|identified\s+by(?:\s+password)?|identified\s+(?:via|with)\s+\S+\s+(?:by|as|using))\s*(?:=|\bis\b)?\s*)'(?:[^'\\]|\\.|'')*'/gi,
      "$1'***'",
    )
    .replace(/(\b(?:password|sslpassword)=)(?!\*\*\*)[^\s'"&)]+/gi, "$1***");
  for (const pattern of secrets.values()) clean = clean.replace(pattern, "***");
  return clean;
}

/** Operations as the journal keeps them: to say later what was changed, not to be run. */
export function journalled(operations: readonly object[]): string {
  return JSON.stringify(operations, (key, value: unknown) =>
    typeof value === "string" && (key === "sql" || key === "undo") ? redact(value) : value,
  );
}
