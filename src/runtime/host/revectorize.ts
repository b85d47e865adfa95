/**
 * 256-bit vectors from 128-bit code, by V8's revectorizer. It joins two neighbouring operations into one, and is behind
 * a flag of the whole process that Node can set while it runs. The flag is experimental, so it is set only on request,
 * and a kernel made for it must agree with the plain kernel, bit for bit, before it is used.
 */
import { elementCount } from "../../ir/shape.js";
import { warn } from "../warn.js";
import type { Loaded } from "./loaded.js";

interface Node {
  readonly arch: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly versions: Readonly<Record<string, string | undefined>>;
  getBuiltinModule?(name: "node:v8"): { setFlagsFromString(flags: string): void };
}

/** The process, if it is Node's own. Bun and Deno call theirs Node's as well, but flags of V8 cannot be set there. */
const node = (): Node | undefined => {
  const { process } = globalThis as { process?: Partial<Node> };
  const { node, bun, deno } = process?.versions ?? {};
  return node === undefined || bun !== undefined || deno !== undefined ? undefined : (process as Node);
};

/** The environment variable that asks for 256 bits in all kernels of the process. */
const VARIABLE = "TILEWRIGHT_REVECTORIZE";

export const isAskedByEnvironment = (): boolean => node()?.env[VARIABLE] === "1";

const FLAG = "experimental-wasm-revectorize";

/** Turns the flag on for good. Returns false, and warns of the reason, if this engine has no such flag. */
export function turnOn(): boolean {
  const process = node();
  const v8 = process?.getBuiltinModule?.("node:v8");
  if (!process || !v8) return refuse("only Node can turn it on");
  if (process.arch !== "x64") return refuse(`V8 does it on x64 and this is ${process.arch}`);
  if (Number.parseInt(process.versions.v8 ?? "0", 10) < 12)
    return refuse(`Node ${process.versions.node} has no such flag; 22 has`);
  v8.setFlagsFromString(`--${FLAG}`);
  return true;
}

/** Turns the flag off, before more kernels are compiled under it. */
export function turnOff(): void {
  node()?.getBuiltinModule?.("node:v8").setFlagsFromString(`--no-${FLAG}`);
}

function refuse(why: string): false {
  warn(`tilewright: revectorize is not available here: ${why}. Kernels use 128 bits`);
  return false;
}

/** Ends when the last check has ended. Checks follow each other, as each one sets flags of the whole process. */
let queue: Promise<unknown> = Promise.resolve();

/**
 * A kernel whose code was optimised under the flag, or undefined if its result differs in a bit from that of the same
 * code without the flag. The code must be the same, as another schedule may sum in another order and round otherwise.
 * Engines compile a function at its first call, so each kernel is called under its own flags.
 */
export function loadChecked(load: (code: "as it is" | "anew") => Promise<Loaded>): Promise<Loaded | undefined> {
  const set = (flags: string) => node()?.getBuiltinModule?.("node:v8").setFlagsFromString(flags);
  const turn = queue.then(async () => {
    set(`--no-${FLAG}`);
    const expected = resultOf(await load("anew"));
    set(`--${FLAG}`);
    set("--no-liftoff");
    try {
      const loaded = await load("as it is");
      return agree(resultOf(loaded), expected) ? loaded : undefined;
    } finally {
      set("--liftoff");
    }
  });
  queue = turn.catch(() => undefined); // told to whoever asked
  return turn;
}

/** The bits of a kernel's results for noise that is always the same. */
function resultOf({ tensors, instantiate }: Loaded): Int32Array[] {
  const instance = instantiate();
  let seed = 1;
  for (const input of instance.inputs) noise(input, seed++);
  const weights = tensors.weights.map(({ shape }) => noise(new Float32Array(elementCount(shape)), seed++));
  instance.run(instance.prepare(weights), instance.inputs, instance.outputs);
  const bits = instance.outputs.map((output) => new Int32Array(output.slice().buffer));
  instance.dispose?.();
  return bits;
}

const agree = (a: readonly Int32Array[], b: readonly Int32Array[]): boolean =>
  a.every((bits, output) => bits.every((bit, i) => bit === b[output]?.[i]));

/** Fills an array with numbers in -1 .. 1 that depend on nothing but the seed. */
function noise(array: Float32Array, seed: number): Float32Array {
  let state = seed;
  for (let i = 0; i < array.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    array[i] = state / 2 ** 31;
  }
  return array;
}
