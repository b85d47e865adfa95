/** Specs in JSON. JSON has no infinite numbers, so the infinite bounds of a clip are written as words. */

type Plain = Readonly<Record<string, unknown>>;

/** A replacer for `JSON.stringify`, which would write null for an infinite number. */
export const finite = (_: string, value: unknown): unknown =>
  value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY ? String(value) : value;

/** Reads words back as infinite bounds. The result is not checked; `checkSpec` says if it is a spec. */
export function specOfPlain(spec: Plain): Plain {
  const { activation } = spec;
  if (typeof activation !== "object" || activation === null) return spec;
  const number = (value: unknown) => (value === "Infinity" || value === "-Infinity" ? Number(value) : value);
  const bounds = Object.entries(activation).map(([key, value]) => [key, number(value)] as const);
  return { ...spec, activation: Object.fromEntries(bounds) };
}
