/**
 * What somebody gave to a thing that must be made anew: grants, an owner, comments, triggers, settings. The statements that give it
 * back are made by the server from its catalogue, and wait in a setting of the session.
 */
export interface Kept {
  /** how people and errors call it: `view exams_open` */
  readonly what: string;
  /** a relation, whose columns decide whether what was said of a column can be said again */
  readonly relation?: string;
  /** queries with the columns place (int), sql, col (the column it speaks of, or null) and role (who must say it, or null) */
  readonly queries: readonly string[];
  /** a query of the grants (grantee) that the new thing has from default privileges, and how one of them is taken away */
  readonly unasked?: { readonly acl: string; readonly on: string };
}
