/** Set when the package is built; from source it is the working copy's. */
export const version: string = process.env.LIMBECK_VERSION ?? "0.0.0-source";
