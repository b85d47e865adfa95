/** Optional packages: large ones that some commands need, and that whoever calls those installs. */
import { createRequire } from "node:module";
import { fail } from "../ir/errors.js";

interface OptionalPackages {
  /** The work that needs the packages, with its verb. */
  readonly does: string;
  readonly packages: readonly string[];
}

/** The versions are those of `peerDependencies` in package.json. */
const WRITING = { does: "writing kernels takes", packages: ["ts-morph@28"] } as const;
const READING = { does: "reading sources takes", packages: ["oxc-parser@0.156"] } as const;
const FARMING = {
  does: "a farm takes",
  packages: ["@nats-io/transport-node@3", "@nats-io/jetstream@3", "@nats-io/kv@3", "@nats-io/nats-core@3"],
} as const;
const DRAWING = { does: "a report's charts take", packages: ["vega@6", "vega-lite@6"] } as const;

/** Imports a module that writes files. Throws `missing-package` if ts-morph is not installed. */
export const importWriter = <T>(load: () => Promise<T>): Promise<T> => importWith(WRITING, load);

/** Imports a module that reads sources. Throws `missing-package` if oxc-parser is not installed. */
export const importReader = <T>(load: () => Promise<T>): Promise<T> => importWith(READING, load);

/** Imports a module that draws charts. Throws `missing-package` if Vega is not installed. */
export const importCharts = <T>(load: () => Promise<T>): Promise<T> => importWith(DRAWING, load);

/** Imports a module that talks to the server of a farm. Throws `missing-package` if its clients are not installed. */
export const importFarm = <T>(load: () => Promise<T>): Promise<T> => importWith(FARMING, load);

async function importWith<T>({ does, packages }: OptionalPackages, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const names = packages.map(nameOf);
    if (code !== "ERR_MODULE_NOT_FOUND" || !names.some((name) => message.includes(`'${name}'`))) throw error;
    return refuse(does, packages);
  }
}

/** The command that installs what the plugin for bundlers takes. */
export const PLUGIN_INSTALL = `npm install --save-dev ${[...WRITING.packages, ...READING.packages].join(" ")}`;

/** Throws `missing-package`, which names all packages that the plugin takes and that are not installed. */
export function checkForPlugin(): void {
  const { resolve } = createRequire(import.meta.url);
  const missing = [...WRITING.packages, ...READING.packages].filter((one) => {
    try {
      resolve(nameOf(one));
      return false;
    } catch (error) {
      // Any other code is about a package that is there.
      return (error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND";
    }
  });
  if (missing.length > 0) refuse("the plugin takes", missing);
}

const refuse = (does: string, packages: readonly string[]): never =>
  fail(
    "missing-package",
    `${does} ${listOf(packages.map(nameOf))}, which this package does not bring; ` +
      `run npm install --save-dev ${packages.join(" ")}`,
  );

/** The name without the version. */
const nameOf = (one: string): string => one.replace(/(?<=.)@.*/, "");

/** Such as `a`, `a and b` or `a, b and c`. */
const listOf = (names: readonly string[]): string => names.join(", ").replace(/, ([^,]*)$/, " and $1");
