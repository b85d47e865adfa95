/** Components of Svelte, Astro and their like: kernels in them are made ahead of time, or a warning says that they are not. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { DIST, needs } from "../support/needs.js";
import { appFolder, BUNDLERS, bundle } from "./bundlers.js";

const built = existsSync(new URL("../../dist/plugin/vite.js", import.meta.url));

const SPEC = '{ op: "conv2d", value: [1, 5, 5, 2], filters: [3, 3, 2, 2], rate: 1, padding: "SAME" }';

/** A component as its compiler is given it. What stands between the tags is its script. */
const componentOf = (script: string) => `<script>\n${script}\n</script>\n<h1>A page</h1>\n`;

const known = componentOf(`import { defineKernel } from "tilewright";\nexport const head = defineKernel(${SPEC});`);
const late = componentOf(
  'import { defineKernel } from "tilewright";\nexport const head = (w) => defineKernel({ ...w, op: "conv2d" });',
);
const illegal = known.replace("rate: 1", "rate: 0");

describe.each(Object.keys(BUNDLERS))("a component in an app built by %s", needs({ [DIST]: built }), (bundler) => {
  let root = "";
  beforeAll(() => {
    root = appFolder();
    vi.spyOn(console, "log").mockImplementation(() => undefined);
  });
  afterAll(() => {
    vi.restoreAllMocks();
  });

  const bundled = (component: string, file: string) => {
    writeFileSync(join(root, file), component);
    writeFileSync(join(root, "app.js"), `import { head } from "./${file}";\nconsole.log(head);\n`);
    return bundle(bundler, root, "app.js");
  };

  test.each(["Page.svelte", "page.astro", "Page.vue"])(
    "has its kernel, or a warning: %s",
    async (file) => {
      const { text, warnings } = await bundled(known, file);
      const said = warnings.filter((text) => text.includes("defined here"));
      if (bundler === "esbuild") {
        const sentence = `${file}: a kernel that is defined here is compiled when it runs, as esbuild shows plugins no compiled components`;
        expect(said).toEqual([expect.stringContaining(sentence)]);
      } else {
        expect(said).toEqual([]);
        expect(/request: ?["`]conv2d 1,5,5,2 3,3,2,2 1 SAME {3}exact["`]/.test(text)).toBe(true);
        // Names of a pass and of the template engine: the compiler is not in the bundle.
        expect(/stepOffsets|knownHelpersOnly/.test(text)).toBe(false);
      }
      expect(readFileSync(join(root, file), "utf8")).toBe(known);
    },
    120_000,
  );

  test("says where a spec is not known, or illegal", {
    ...needs({ "compiled components, which esbuild shows no plugin": bundler !== "esbuild" }),
    timeout: 120_000,
  }, async () => {
    const { warnings } = await bundled(late, "Page.svelte");
    expect(warnings.join("\n")).toContain(
      "Page.svelte (as compiled):3:28: this kernel is not made ahead of time, as `w` is a parameter; it is compiled when it runs",
    );
    await expect(bundled(illegal, "Page.svelte")).rejects.toThrow(/Page\.svelte \(as compiled\):3:21: rate must be/);
  });
});
