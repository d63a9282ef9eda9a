/** What a piece of SQL speaks of, as far as its words tell. */
export interface RawNames {
  /** every word that may be a name, in lower case */
  readonly all: ReadonlySet<string>;
  /** the tables, views and types that it works on; null where its words don't tell (a function's body, a DO block, no such word at all) */
  readonly relations: ReadonlySet<string> | null;
}

const tokens = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"((?:[^"]|"")+)"|`((?:[^`]|``)+)`|([\p{L}_][\p{L}\p{N}_$]*)|([.,;()])/gu;
/** Words that are no names unless they are quoted. */
const reserved = new Set(
  `add all alter analyze and any array as asc assignment before after between bigint bool boolean by call cascade case cast char character check
  collate column comment commit concurrently conflict constraint copy count coalesce create cross current_date current_timestamp date datetime day
  decimal default deferrable deferred delete desc distinct do domain double drop each else end enum except execute exists extension false
  fetch float for foreign from full function grant group having if ignore immediate in index inner insert int integer intersect interval
  into is join json jsonb key lateral left like limit lock longtext lower materialized max mediumint merge min modify month move natural no not
  now null nullif numeric of offset on only or order outer over owner partition policy precision primary procedure public real references refresh
  rename replace restrict returning returns revoke right role row rows schema select sequence session set show smallint some statement strict
  sum table temporary text then time timestamp timestamptz tinyint to trigger true truncate type union unique unsigned update upper usage user using uuid
  validate value values varchar varying view when where window with without work year zone`.split(/\s+/),
);
/** What follows one of these is a table, a view or a type. */
const introduces = new Set(["from", "into", "update", "join", "table", "view", "type", "references", "truncate", "on", "sequence"]);
const between = new Set(["if", "not", "exists", "only", "table", "ignore", "low_priority", "lateral", "concurrently", "column"]);
/** Where one of these stands, more may be touched than the words say. */
const hidden = new Set(["do", "function", "procedure", "execute", "trigger", "call", "rule", "event", "perform", "policy", "with"]);

interface Token {
  readonly word: string;
  readonly quoted: boolean;
}

export function namesInSql(sql: string): RawNames {
  const words = tokensOf(sql);
  const all = new Set(words.filter(isName).map(({ word }) => word));
  const dark = /\$\w*\$/.test(sql) || words.some(({ word, quoted }) => !quoted && hidden.has(word));
  const relations = dark ? new Set<string>() : relationsIn(words);
  return { all, relations: relations.size === 0 ? null : relations };
}

/** Of the source text of a function: what its SQL speaks of. Null when the text does not show what it sends. */
export function namesInCode(code: string): RawNames | null {
  const texts = [...code.matchAll(/"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`/g)].map(
    ([, a, b, c]) => a ?? b ?? c ?? "",
  );
  const statements = texts.filter((text) =>
    /^\s*(?:select|insert|update|delete|merge|create|alter|drop|truncate|comment|grant|revoke|with|copy|call|do|set|lock|refresh|replace)\b/i.test(
      text,
    ),
  );
  const [, session] = /^\s*(?:async\b)?\s*(?:function\b[^(]*|\w+(?=\s*\())?\s*\(?\s*([\w$]+)/.exec(code) ?? [];
  const body = code.slice(code.indexOf(session ?? "") + (session ?? "").length);
  // handed on to somebody else, or with a table's name that is put together, it may send anything
  const handedOn =
    session === undefined || new RegExp(`(?<![\\w$.])${session.replaceAll("$", "\\$")}\\b(?!\\s*\\.\\s*(?:query|x)\\b)`).test(body);
  if (statements.length === 0 || handedOn || statements.some((text) => text.includes("${"))) return null;
  const found = statements.map(namesInSql);
  const relations = found.map((one) => one.relations);
  return {
    all: new Set(found.flatMap(({ all }) => [...all])),
    relations: relations.includes(null) ? null : new Set(relations.flatMap((one) => [...(one ?? [])])),
  };
}

function tokensOf(sql: string): readonly Token[] {
  return [...sql.matchAll(tokens)].flatMap(([, quoted, ticked, bare, mark]): readonly Token[] => {
    const name = quoted?.replaceAll('""', '"') ?? ticked?.replaceAll("``", "`");
    if (name !== undefined) return [{ word: name.toLowerCase(), quoted: true }];
    const plain = bare ?? mark;
    return plain === undefined ? [] : [{ word: plain.toLowerCase(), quoted: false }];
  });
}

const isName = ({ word, quoted }: Token): boolean => quoted || (/^[\p{L}_]/u.test(word) && !reserved.has(word));

/** After an introducing word: the name, the last part of it where it is qualified, and those after commas. */
function relationsIn(words: readonly Token[]): ReadonlySet<string> {
  const found = new Set<string>();
  const at = (i: number): Token => words[i] ?? { word: "", quoted: false };
  for (let i = 0; i < words.length; i++) {
    if (at(i).quoted || !introduces.has(at(i).word)) continue;
    let name = i + 1;
    while (!at(name).quoted && between.has(at(name).word)) name++;
    for (;;) {
      if (!isName(at(name))) break;
      while (at(name + 1).word === "." && isName(at(name + 2))) name += 2;
      found.add(at(name).word);
      // FROM a, b
      if (at(name + 1).word !== ",") break;
      name += 2;
    }
  }
  return found;
}
