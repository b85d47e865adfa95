// @ts-check
/**
 * Links to the playground, with a formula or an op in them: what stands behind the # is what site/playground reads
 * there.
 */

/**
 * @param {object} spec
 * @param {string} spec.formula
 * @param {Readonly<Record<string, readonly number[]>>} spec.tensors
 * @param {readonly string[]} [spec.weights]
 */
export const formulaLink = ({ formula, tensors, weights = [] }) =>
  linkTo({
    kind: "formula",
    text: formula,
    shapes: Object.fromEntries(Object.entries(tensors).map(([name, shape]) => [name, shape.join(", ") || "[]"])),
    weights,
  });

/** A field a line. @param {object} spec */
export function opLink(spec) {
  const fields = Object.entries(spec).map(
    ([name, value]) => `  "${name}": ${JSON.stringify(value).replaceAll(",", ", ")}`,
  );
  return linkTo({ kind: "op", text: `{\n${fields.join(",\n")}\n}` });
}

/** @param {object} source */
function linkTo(source) {
  const setup = Buffer.from(JSON.stringify({ source, target: "wasm", accuracy: "exact" })).toString("base64url");
  return `<p class="try"><a href="/playground/#${setup}" target="_self">Open in the playground</a></p>`;
}
