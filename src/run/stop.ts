/** The user wants no more. */
export class Stop extends Error {}
