/** The package's declarations in programs of users: whatever their TypeScript and its libraries, there is no error. */
import { execFile } from "node:child_process";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { DIST, needs } from "../support/needs.js";
import { installPacked, isBuilt, repository } from "../support/packed.js";

const COMPILERS = { "5.9": "typescript", "6": "typescript6", "7": "typescript7" } as const;

/** Libraries by what a program is for. */
const LIBRARIES = { page: ["ES2022", "DOM"], worker: ["ES2022", "WebWorker"], neither: ["ES2022"] } as const;

/** Every compiler with every library. lib.dom has WebGPU from 6 on; before that, programs take @webgpu/types. */
const PROGRAMS = Object.keys(COMPILERS).flatMap((version) =>
  Object.keys(LIBRARIES).map((library) => {
    const hasDevices = version !== "5.9" && library !== "neither";
    return { version, library, types: [], files: hasDevices ? ["device.ts", "parts.ts"] : [] };
  }),
);
const WITH_PACKAGE = { version: "5.9", library: "page", types: ["@webgpu/types"], files: ["device.ts", "parts.ts"] };

/** Real devices are what declarations take for devices where no library has them. */
const PARTS = `
import type { AdapterPart, BufferPart, CommandEncoderPart, ComputePassPart, DevicePart } from
  "./node_modules/tilewright/dist/runtime/webgpu/types.js";
export const adapter = (given: GPUAdapter): AdapterPart => given;
export const device = (given: GPUDevice): DevicePart => given;
export const buffer = (given: GPUBuffer): BufferPart => given;
export const encoder = (given: GPUCommandEncoder): CommandEncoderPart => given;
export const pass = (given: GPUComputePassEncoder): ComputePassPart => given;
`;

const README = readFileSync(join(repository, "README.md"), "utf8");
/** Code that takes no package but ours, by the names of its files. It prints, which not every library can. */
const SNIPPETS: Readonly<Record<string, string>> = Object.fromEntries(
  [...README.matchAll(/^```(?:js|ts)\n([\s\S]*?)^```$/gm)]
    .map(([, code = ""]) => code)
    .filter((code) => !code.includes("@tensorflow"))
    .map((code, i) => [`readme${i}.ts`, `declare const console: { log(...what: unknown[]): void };\n${code}`]),
);

describe("a program without skipLibCheck", needs({ [DIST]: isBuilt }), () => {
  let folder: string;
  beforeAll(() => {
    folder = installPacked();
    cpSync(join(repository, "test/package/consumer"), folder, { recursive: true });
    cpSync(join(repository, "node_modules/@webgpu"), join(folder, "node_modules/@webgpu"), { recursive: true });
    for (const [name, code] of Object.entries({ ...SNIPPETS, "parts.ts": PARTS }))
      writeFileSync(join(folder, name), code);
  }, 120_000);

  test.each([...PROGRAMS, WITH_PACKAGE])(
    "has no error: TypeScript $version, $library, $types",
    async ({ version, library, types, files }) => {
      const name = `tsconfig.${version}.${library}.${types.length}.json`;
      const lib = LIBRARIES[library as keyof typeof LIBRARIES];
      const options = { target: "ES2022", module: "NodeNext", strict: true, skipLibCheck: false, noEmit: true };
      const all = ["everything.ts", ...Object.keys(SNIPPETS), ...files];
      const tsconfig = { compilerOptions: { ...options, lib, types }, files: all };
      writeFileSync(join(folder, name), JSON.stringify(tsconfig));
      expect(Object.keys(SNIPPETS).length).toBeGreaterThan(1);
      expect(await errorsOf(COMPILERS[version as keyof typeof COMPILERS], join(folder, name))).toBe("");
    },
    120_000,
  );
});

/** What the compiler prints of a project: nothing, where nothing is wrong. */
const errorsOf = (compiler: string, project: string): Promise<string> =>
  new Promise((resolve) => {
    const tsc = join(repository, "node_modules", compiler, "bin/tsc");
    execFile(process.execPath, [tsc, "-p", project], (error, stdout) => resolve(error ? stdout || String(error) : ""));
  });
