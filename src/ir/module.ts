/**
 * Kernel modules: code, and all that a host needs to load and call it.
 *
 * A module is plain data, so it can be written to a file.
 */

import type { Spec } from "./ops/spec.js";
import type { BufferDecl, Parameter } from "./program.js";
import type { Triple } from "./stmt.js";
import type { Work } from "./work.js";

/** The facts about a kernel beside its code. With them a host need not know how they follow from the spec. */
export interface Facts {
  /** Absent if the kernel was compiled from a program. */
  readonly spec?: Spec;
  /** The shape of the only output. Absent without a spec. */
  readonly outputShape?: readonly number[];
  /** Present where each call chooses its length. Shapes are then those of the longest call. */
  readonly parameter?: Parameter;
  /**
   * Names of inputs, weights and outputs in the order of the program. Absent if all parts of the module declare them in
   * this order, as the parts of an op of the library do.
   */
  readonly tensors?: readonly string[];
  /** How the sums are computed, in words: `direct`, or `winograd F(4x4, 3x3)`. */
  readonly algorithm: string;
  /**
   * A bound on the error of a sum, as a share of max |value| times the sum of |filters| of its channel; of a formula,
   * of the sum of its terms' magnitudes.
   */
  readonly errorBound: number;
  /** The schedule in one row. */
  readonly schedule: string;
  readonly work: Work;
}

/** The facts that a spec decides. */
export type SpecFacts = Required<Pick<Facts, "spec">> & Pick<Facts, "outputShape" | "parameter" | "tensors">;

interface ModuleHead extends Facts {
  /** Everything that can change the code, as canonical text. */
  readonly key: string;
}

/** One function of the code, and its buffers in the order of its parameters. */
export interface JsEntry {
  readonly name: string;
  readonly buffers: readonly string[];
  /** Present if the parameter of the call is one more parameter, the last one. It is at most this. */
  readonly mostUnits?: number;
}

export interface JsModule extends ModuleHead {
  readonly language: "js";
  /** The buffers of all entries. */
  readonly buffers: readonly BufferDecl[];
  readonly prepare: readonly JsEntry[];
  readonly run: readonly JsEntry[];
  /** The body of a function that returns the entries by name. */
  readonly code: string;
}

/** Bytes of one page of WebAssembly memory. */
export const PAGE_BYTES = 65_536;

export interface WasmEntry {
  /** Its name among the exports. */
  readonly name: string;
  /** The buffers whose addresses are its first parameters, in order. */
  readonly buffers: readonly string[];
  /**
   * The number of iterations, if several threads can share them; [begin, end) of them are then the last two parameters.
   * Else null.
   */
  readonly iterations: number | null;
  /** Present if the parameter of the call is one more parameter, behind the addresses. It is at most this. */
  readonly mostUnits?: number;
  /** The iterations end where `(constant + perUnit * units) - by * iteration` falls below 0, if a call chooses them. */
  readonly end?: { readonly constant: number; readonly perUnit: number; readonly by: number };
}

/** A buffer in linear memory. */
export interface WasmBuffer extends BufferDecl {
  /** The lowest address at which it may lie, as the code begins to count so far before it. */
  readonly least: number;
}

/** A binary. It imports a memory of any size as `env.memory`, in which buffers lie where the caller says. */
export interface WasmPart {
  readonly code: Uint8Array<ArrayBuffer>;
  /** True if threads share the memory. */
  readonly shared: boolean;
  readonly buffers: readonly WasmBuffer[];
  /** Entries in the order of their calls. */
  readonly entries: readonly WasmEntry[];
}

export interface WasmModule extends ModuleHead {
  readonly language: "wasm";
  /** The vectors that it computes with, in words. */
  readonly vectors: string;
  /**
   * Runs once per set of weights, in memory that is shared if and only if that of `run` is. Null if the kernel takes
   * the weights as they are.
   */
  readonly prepare: WasmPart | null;
  readonly run: WasmPart;
}

export interface WgslBinding {
  readonly buffer: string;
  /** The accesses that the code may make. */
  readonly access: "read" | "read_write";
}

/** The workgroups of one dispatch: first .. first+count-1 along each dimension. */
export interface WgslDispatch {
  readonly first: Triple;
  readonly count: Triple;
}

/** One compute pipeline: a shader module of its own. */
export interface WgslEntry {
  /** The name of the entry point. */
  readonly name: string;
  /** The whole shader module. */
  readonly code: string;
  /** The bindings of group 0, in order from binding 0. */
  readonly bindings: readonly WgslBinding[];
  /**
   * Dispatches, in any order; none if there is nothing to compute. If there are several, the code reads `first` from a
   * uniform buffer, a vec4u at the binding after all others.
   */
  readonly dispatches: readonly WgslDispatch[];
}

export interface WgslModule extends ModuleHead {
  readonly language: "wgsl";
  /** The buffers of all entries. */
  readonly buffers: readonly BufferDecl[];
  /** Entries in the order of their calls. Each reads what the ones before it have written. */
  readonly prepare: readonly WgslEntry[];
  readonly run: readonly WgslEntry[];
}

export type KernelModule = JsModule | WasmModule | WgslModule;
