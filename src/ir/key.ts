/** Canonical text of plain data. Equal values give equal keys: the order of properties makes no difference. */
export function canonicalKey(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    // JSON writes null for NaN and for both infinities, which would give different specs one key.
    if (typeof inner === "number" && !Number.isFinite(inner)) return { number: String(inner) };
    return typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner;
  });
}
