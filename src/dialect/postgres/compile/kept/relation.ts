import { labelOf, type QualifiedName, type View } from "../../../../core/schema.ts";
import { quoteLiteral, quoteTable } from "../../quote.ts";
import type { Kept } from "./kept.ts";
import { grants } from "./memory.ts";
import { columnSettings, commentsOn, indexes, indexRoles, labels, statistics } from "./parts.ts";

/** Everything that hangs on a view and goes with it, but for what its definition says. */
export function keptOfView(name: QualifiedName, view: View): Kept {
  const on = quoteTable(name);
  const text = quoteLiteral(on);
  const of = `pg_class AS r WHERE r.oid = to_regclass(${text})`;
  const kind = view.materialized ? "MATERIALIZED VIEW" : "VIEW";
  // the text of the view says it again, or does not want it any more
  const checked = /\bwith\s+(?:(?:local|cascaded)\s+)?check\s+option\b/i.test(view.definition);
  const ofColumns = `pg_attribute AS c JOIN pg_class AS r ON r.oid = c.attrelid WHERE r.oid = to_regclass(${text}) AND c.attnum > 0 AND NOT c.attisdropped`;
  return {
    what: `view ${labelOf(name)}`,
    relation: on,
    unasked: { acl: `SELECT relacl FROM pg_class WHERE oid = to_regclass(${text})`, on },
    queries: [
      `SELECT 1, format('ALTER ${kind} %s OWNER TO %I', ${text}, pg_get_userbyid(r.relowner)), NULL::text, NULL::text FROM ${of}
  AND pg_get_userbyid(r.relowner) <> current_user`,
      `SELECT 2, format('ALTER ${kind} %s SET (%s)', ${text}, string_agg(option, ', ')), NULL, NULL FROM ${fromOptions(text)}${
        checked ? " WHERE option NOT LIKE 'check\\_option=%'" : ""
      } HAVING count(*) > 0`,
      grants({
        from: `(SELECT * FROM ${of}) AS r`,
        acl: "COALESCE(r.relacl, acldefault('r', r.relowner))",
        owner: "r.relowner",
        on,
        place: 1000,
      }),
      grants({
        from: `(SELECT c.attname, c.attacl, r.relowner FROM ${ofColumns}) AS r`,
        acl: "r.attacl",
        owner: "r.relowner",
        on,
        column: "r.attname",
        place: 10000,
      }),
      `SELECT 3, format('ALTER ${kind} %s ALTER COLUMN %I SET DEFAULT %s', ${text}, c.attname, pg_get_expr(d.adbin, d.adrelid)), c.attname::text, NULL
  FROM pg_attrdef AS d JOIN pg_attribute AS c ON c.attrelid = d.adrelid AND c.attnum = d.adnum WHERE d.adrelid = to_regclass(${text})`,
      `SELECT 4, pg_get_ruledef(w.oid), NULL, NULL FROM pg_rewrite AS w WHERE w.ev_class = to_regclass(${text}) AND w.rulename <> '_RETURN'`,
      `SELECT 4, pg_get_triggerdef(t.oid), NULL, NULL FROM pg_trigger AS t WHERE t.tgrelid = to_regclass(${text}) AND NOT t.tgisinternal`,
      commentsOn("TRIGGER", "tgname", `pg_trigger AS o WHERE o.tgrelid = to_regclass(${text}) AND NOT o.tgisinternal`, on),
      commentsOn("RULE", "rulename", `pg_rewrite AS o WHERE o.ev_class = to_regclass(${text})`, on),
      ...(view.comment === undefined
        ? [
            `SELECT 5, format('COMMENT ON ${kind} %s IS %L', ${text}, obj_description(r.oid, 'pg_class')), NULL, NULL FROM ${of} AND obj_description(r.oid, 'pg_class') IS NOT NULL`,
          ]
        : []),
      `SELECT 5, format('COMMENT ON COLUMN %s.%I IS %L', ${text}, c.attname, col_description(r.oid, c.attnum)), c.attname::text, NULL
  FROM ${ofColumns} AND col_description(r.oid, c.attnum) IS NOT NULL`,
      labels("pg_class", `to_regclass(${text})`, `${kind} ${on}`),
      ...(view.materialized ? ofMaterialized(on, text, view) : []),
    ],
  };
}

const fromOptions = (text: string): string =>
  `(SELECT unnest(r.reloptions) AS option FROM pg_class AS r WHERE r.oid = to_regclass(${text})) AS options`;

function ofMaterialized(on: string, text: string, { indexes: known }: View): readonly string[] {
  const names = known.map(({ name }) => quoteLiteral(name)).join(", ");
  const unknown = names === "" ? "" : ` AND i.relname NOT IN (${names})`;
  return [
    ...indexes(`x.indrelid = to_regclass(${text})${unknown}`),
    ...indexRoles(`x.indrelid = to_regclass(${text})`),
    ...columnSettings("MATERIALIZED VIEW", on, "true"),
    ...statistics(`s.stxrelid = to_regclass(${text})`),
    `SELECT 13, format('ALTER MATERIALIZED VIEW %s SET TABLESPACE %I', ${text}, s.spcname), NULL, NULL FROM pg_class AS r JOIN pg_tablespace AS s ON s.oid = r.reltablespace
  WHERE r.oid = to_regclass(${text})`,
    `SELECT 100000, format('REFRESH MATERIALIZED VIEW %s WITH NO DATA', ${text}), NULL, NULL FROM pg_class AS r WHERE r.oid = to_regclass(${text}) AND NOT r.relispopulated`,
  ];
}
