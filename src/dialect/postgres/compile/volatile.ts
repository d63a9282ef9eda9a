const volatile = /\b(?:random|gen_random_uuid|uuid_generate_v\w+|uuidv[47]|clock_timestamp|timeofday|nextval)\s*\(/i;

/** Does the expression give each row a value of its own? Then a new column with it as its default is written row by row. */
export const isVolatile = (expression: string | undefined): boolean => expression !== undefined && volatile.test(expression);
