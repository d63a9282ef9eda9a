/**
 * A URL, or a text that has some in it, without the passwords. A password may hold any sign, so it ends at the last @ of the word: rather
 * too much is hidden than too little.
 */
export function redactUrl(text: string): string {
  return text
    .replace(/([a-z][a-z0-9+.-]*:\/\/[^\s/:@]*):\S*@/gi, "$1:***@")
    .replace(/([?&](?:password|passwd|pwd|sslpassword|token)=)[^&\s"']*/gi, "$1***");
}
