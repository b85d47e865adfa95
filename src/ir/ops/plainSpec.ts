/** Specs as JSON has them: infinite bounds of a clip are words there, as it has no number for them. */

type Plain = Readonly<Record<string, unknown>>;

/** For `JSON.stringify`, which would write null. */
export const finite = (_: string, value: unknown): unknown =>
  value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY ? String(value) : value;

/** What JSON holds, for `checkSpec`, which says whether it is one. */
export function specOfPlain(spec: Plain): Plain {
  const { activation } = spec;
  if (typeof activation !== "object" || activation === null) return spec;
  const number = (value: unknown) => (value === "Infinity" || value === "-Infinity" ? Number(value) : value);
  const bounds = Object.entries(activation).map(([key, value]) => [key, number(value)] as const);
  return { ...spec, activation: Object.fromEntries(bounds) };
}
