const valued = new Set(["-c", "--config", "-d", "--dataSource", "--export", "--url", "-x"]);
const own = new Set(["-h", "--help", "-V", "--version"]);

/** Options before the command, as users of Alembic type them, are the command's. */
export function commandFirst(args: readonly string[]): readonly string[] {
  let at = 0;
  for (let word = args[at]; word?.startsWith("-"); word = args[at]) at += valued.has(word) ? 2 : 1;
  const command = args[at];
  if (command === undefined || args.slice(0, at).some((word) => own.has(word))) return args;
  return [command, ...args.slice(0, at), ...args.slice(at + 1)];
}
