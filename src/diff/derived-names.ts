/** What TypeORM makes of table and columns where nobody gives a name. */
const derived = /^(?:PK|UQ|IDX|FK|REL|CHK|XCL)_[0-9a-f]{20,}$/;

/** Whether the entities ask for the new name, rather than nobody having named what somebody once did: a database that was taken over. */
export function isNamed(from: string | undefined, to: string | undefined): boolean {
  return to === undefined || !derived.test(to) || (from !== undefined && derived.test(from));
}
