/** A type of PostGIS taken apart: `geometry(PointZ,4326)` is geometry, POINT, 4326. */
export interface Spatial {
  readonly base: string;
  /** GEOMETRY is any */
  readonly shape: string;
  /** where none is said, each value has its own */
  readonly srid?: number;
}

export function spatialOf(type: string): Spatial | null {
  const found = /^(geometry|geography)(?:\((\w+)(?:\s*,\s*(\d+))?\))?$/i.exec(type);
  if (found === null) return null;
  const [, base = "", shape = "geometry", srid] = found;
  return {
    base: base.toLowerCase(),
    shape: shape.toUpperCase().replace(/Z?M?$/, ""),
    ...(srid === undefined ? {} : { srid: Number(srid) }),
  };
}
