/** What the operating system means, and what to do. */
const reasons: Readonly<Record<string, readonly [why: string, hint: string]>> = {
  EACCES: ["this user may not", "give this user the right, or run the command where it has it"],
  EPERM: ["this user may not", "give this user the right, or run the command where it has it"],
  EROFS: ["nothing can be written there", "run the command where the project can be written"],
  ENOSPC: ["the disk is full", "make room and run the command again"],
  EDQUOT: ["the quota of the disk is used up", "make room and run the command again"],
  ENOTDIR: ["a folder is expected where a file stands", "move the file away, or name another folder"],
  EISDIR: ["a file is expected where a folder stands", "move the folder away"],
  ENAMETOOLONG: ["the name is too long", "give a shorter one"],
};

/** A file or folder that can't be read or written: no bug, and in most cases none of limbeck's. Null for any other error. */
export function fileFailure(error: unknown): { code: string; message: string; hint: string; details: Record<string, unknown> } | null {
  if (!(error instanceof Error)) return null;
  const { code = "", syscall = "", path } = error as NodeJS.ErrnoException;
  const reason = reasons[code];
  if (reason === undefined || syscall === "" || /^(?:connect|getaddrinfo|listen|spawn)/.test(syscall)) return null;
  const [why, hint] = reason;
  return { code: "file-failed", message: `${path ?? "A file"}: ${why} (${syscall}).`, hint, details: { reason: code, file: path ?? null } };
}
