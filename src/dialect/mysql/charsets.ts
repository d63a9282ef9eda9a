import { atLeast, type Server } from "../../core/db.ts";

/** What a table or column says of its characters. */
export interface Characters {
  readonly charset?: string;
  readonly collation?: string;
}

/** `said` in full: a collation implies its character set, a character set its default collation; nothing said is what stands around it. */
export function charactersOf(said: Characters, around: Characters, server: Server): Characters {
  const collation = said.collation === undefined ? undefined : modernName(said.collation);
  if (collation !== undefined) return { charset: charsetOf(collation), collation };
  const charset = said.charset === undefined ? undefined : modernName(said.charset);
  return charset === undefined ? around : { charset, collation: defaultCollation(charset, server) };
}

/** Only what is not said by what stands around it. */
export function charactersToSay(full: Characters, around: Characters, server: Server): Characters {
  if (full.collation === undefined || full.charset === undefined || full.collation === around.collation) return {};
  if (full.charset === around.charset) return { collation: full.collation };
  if (full.collation === defaultCollation(full.charset, server)) return { charset: full.charset };
  return { charset: full.charset, collation: full.collation };
}

/** What a table takes when it says nothing. */
export function charactersOfServer(server: Server): Characters {
  const said: { charset?: string; collation?: string } = {};
  if (server.charset !== undefined) said.charset = server.charset;
  if (server.collation !== undefined) said.collation = server.collation;
  return charactersOf(said, {}, server);
}

function modernName(name: string): string {
  return name.toLowerCase().replace(/^utf8(?=$|_)/, "utf8mb3");
}

function charsetOf(collation: string): string {
  return collation.split("_")[0] ?? collation;
}

function defaultCollation(charset: string, server: Server): string {
  const newest = server.flavor === "mysql" ? "utf8mb4_0900_ai_ci" : atLeast(server, 11, 5) ? "utf8mb4_uca1400_ai_ci" : "utf8mb4_general_ci";
  if (charset === "utf8mb4") return newest;
  if (server.flavor === "mariadb" && atLeast(server, 11, 5) && ["utf8mb3", "ucs2", "utf16", "utf32"].includes(charset))
    return `${charset}_uca1400_ai_ci`;
  return defaults[charset] ?? `${charset}_general_ci`;
}
const defaults: Readonly<Record<string, string>> = {
  big5: "big5_chinese_ci",
  binary: "binary",
  cp850: "cp850_general_ci",
  cp932: "cp932_japanese_ci",
  dec8: "dec8_swedish_ci",
  eucjpms: "eucjpms_japanese_ci",
  euckr: "euckr_korean_ci",
  gb18030: "gb18030_chinese_ci",
  gb2312: "gb2312_chinese_ci",
  gbk: "gbk_chinese_ci",
  hp8: "hp8_english_ci",
  latin1: "latin1_swedish_ci",
  sjis: "sjis_japanese_ci",
  swe7: "swe7_swedish_ci",
  tis620: "tis620_thai_ci",
  ujis: "ujis_japanese_ci",
};
