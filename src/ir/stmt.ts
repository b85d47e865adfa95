/**
 * Statements and kernels: loops, guards, and the work inside them.
 *
 * A kernel is one function over its buffers. The nest builds it, each pass rewrites it, and an emitter translates it.
 */
import type { Affine, Guard } from "./affine.js";
import type { DType } from "./dtype.js";
import type { Expr } from "./expr.js";
import type { BufferDecl, Parameter } from "./program.js";

/** Numbers in one vector of a buffer that consists of vectors. */
export const VECTOR = 4;

export type GpuDimension = "x" | "y" | "z";
/** Counts, or places, along x, y and z. */
export type Triple = readonly [x: number, y: number, z: number];

export type LoopKind =
  | "serial"
  | "unrolled"
  /** Iterations that need no guard stay a loop. The few before and after them are written out. */
  | "peeled"
  | "vectorized"
  | "parallel"
  | `workgroup.${GpuDimension}`
  | `invocation.${GpuDimension}`;

/**
 * - `register`: private, and meant for registers
 * - `local`: private scratch memory
 * - `workgroup`: memory that the invocations of a workgroup share
 */
export type AllocSpace = "register" | "local" | "workgroup";

/** An integer that a loop carries along. It is `start` in the first iteration and grows by `by` in each further one. */
export interface Step {
  readonly name: string;
  readonly start: Affine;
  readonly by: number;
}

export type Stmt =
  /**
   * `name` runs over 0 .. extent-1, and the steps advance with it. `partition` asks for a steady state without guards.
   * A loop whose count a call chooses ends as soon as `while` falls below zero, which it never does in the first
   * iteration.
   */
  | {
      readonly kind: "for";
      readonly name: string;
      readonly extent: number;
      readonly while?: Affine;
      readonly loop: LoopKind;
      readonly partition: boolean;
      readonly steps: readonly Step[];
      readonly body: readonly Stmt[];
    }
  | {
      readonly kind: "if";
      readonly guard: Guard;
      readonly body: readonly Stmt[];
      readonly otherwise: readonly Stmt[];
    }
  /** A buffer of the kernel's arithmetic type that lives as long as `body`. Its contents are undefined at first. */
  | {
      readonly kind: "alloc";
      readonly buffer: string;
      readonly shape: readonly number[];
      readonly space: AllocSpace;
      readonly body: readonly Stmt[];
    }
  /** An integer for the rest of the body: `floor(value / divisor)`, which must lie in `min..max`. */
  | {
      readonly kind: "index";
      readonly name: string;
      readonly value: Affine;
      readonly divisor: number;
      readonly min: number;
      readonly max: number;
    }
  /** An integer for the rest of the body: 0 if the guard holds, else -1. Other guards may name it. */
  | { readonly kind: "flag"; readonly name: string; readonly guard: Guard }
  /** Declares a number (or vector) for the rest of the body. */
  | { readonly kind: "local"; readonly name: string; readonly value: Expr; readonly mutable: boolean }
  | { readonly kind: "set"; readonly name: string; readonly value: Expr }
  | { readonly kind: "store"; readonly buffer: string; readonly at: readonly Affine[]; readonly value: Expr }
  /** All invocations of the workgroup wait here for each other. */
  | { readonly kind: "barrier" };

export type For = Extract<Stmt, { kind: "for" }>;
export type If = Extract<Stmt, { kind: "if" }>;
export type Alloc = Extract<Stmt, { kind: "alloc" }>;
export type Index = Extract<Stmt, { kind: "index" }>;

export type Addressing = "subscripts" | "elements" | "bytes";

/** The integer that holds the address of a buffer, in a kernel whose offsets count bytes. No loop has such a name. */
export const addressOf = (buffer: string): string => `&${buffer}`;

/** How many workgroups run the kernel, and how many invocations each has. */
export interface Launch {
  readonly workgroups: Triple;
  readonly invocations: Triple;
}

export interface LoopKernel {
  readonly name: string;
  /** The type in which every value is computed. */
  readonly arithmetic: DType;
  /**
   * The form of each access: a list of subscripts, or after lowering one offset. It counts elements from the buffer's
   * beginning, or bytes from the beginning of memory, where the caller says at which address each buffer lies.
   */
  readonly addressing: Addressing;
  /** Parameters of the function, in order. */
  readonly buffers: readonly BufferDecl[];
  /** One more parameter of the function, which forms name. */
  readonly parameter?: Parameter;
  /** Parameters and allocated buffers that are only accessed in whole vectors. Their offsets count such vectors. */
  readonly vectors?: ReadonlySet<string>;
  /** Present if loops are left to workgroups and invocations. */
  readonly launch?: Launch;
  readonly body: readonly Stmt[];
}

export const isWorkgroupLoop = ({ loop }: For): boolean => loop.startsWith("workgroup");
export const isInvocationLoop = ({ loop }: For): boolean => loop.startsWith("invocation");

export const forLoop = (name: string, extent: number, loop: LoopKind, body: readonly Stmt[]): For => ({
  kind: "for",
  name,
  extent,
  loop,
  partition: false,
  steps: [],
  body,
});

export const guarded = (guard: Guard, body: readonly Stmt[], otherwise: readonly Stmt[] = []): readonly Stmt[] =>
  guard.length === 0 ? body : [{ kind: "if", guard, body, otherwise }];
