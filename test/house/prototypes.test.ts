/**
 * A page's Object.prototype may have anything on it, and some polyfills make it enumerable. So no loop walks over inherited names,
 * and no name that comes from data is looked for beyond the object itself.
 */
import ts from "typescript";
import { expect, test } from "vitest";
import { SOURCES, type Source } from "../support/sources.js";

/** Lines with a `for (... in ...)`, or with `name in object` for a name that is no literal and no constant in capitals. */
function inheritedIn({ path, text }: Source): string[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const isTest = ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.InKeyword;
    const isKnown = isTest && (ts.isStringLiteral(node.left) || /^[A-Z_]+$/.test(node.left.getText(file)));
    if (ts.isForInStatement(node) || (isTest && !isKnown)) {
      found.push(`${path}:${file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

test("nothing depends on what Object.prototype has", () => {
  expect(SOURCES.filter(({ path }) => !path.endsWith(".hbs")).flatMap(inheritedIn)).toEqual([]);
});

test("what would depend on it is found", () => {
  const found = (text: string) => inheritedIn({ path: "a.ts", text });
  expect(found("\nfor (const name in terms) use(name);")).toEqual(["a.ts:2"]);
  expect(found("if (name in rules) use(name);")).toEqual(["a.ts:1"]);
  expect(found('if ("op" in spec || MARKUP in part || Object.hasOwn(rules, name)) use();')).toEqual([]);
});
