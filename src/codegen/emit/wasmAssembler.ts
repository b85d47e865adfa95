/**
 * A small assembler for binary WebAssembly: as much of the format as kernels need. Instructions have the names of the
 * specification and become bytes in a `Code`; `assemble` wraps them into a module.
 */
import { failInternally } from "../../ir/errors.js";

export type ValueType = "i32" | "f32" | "f64" | "v128";

export interface FunctionType {
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
}

export interface WasmFunction {
  /** The name under which the module exports the function. */
  readonly name: string;
  readonly type: FunctionType;
  /** The types of the locals that follow the parameters. */
  readonly locals: readonly ValueType[];
  readonly code: Code;
}

export interface WasmImport {
  readonly name: string;
  readonly type: FunctionType;
}

/** All imports come from one object, `env`: the memory as `memory`, and functions, which get the first numbers. */
export interface WasmSource {
  /** True if several threads can use the memory. It may have any size. */
  readonly shared: boolean;
  readonly imports: readonly WasmImport[];
  readonly functions: readonly WasmFunction[];
}

/** The most pages that a memory can have. */
const MAX_PAGES = 2 ** 16;

const VALUE_TYPES: Readonly<Record<ValueType, number>> = { i32: 0x7f, f32: 0x7d, f64: 0x7c, v128: 0x7b };

/** Instructions without immediates. */
const PLAIN = {
  end: [0x0b],
  select: [0x1b],
  "i32.lt_s": [0x48],
  "i32.gt_u": [0x4b],
  "i32.ge_s": [0x4e],
  "i32.add": [0x6a],
  "i32.sub": [0x6b],
  "i32.mul": [0x6c],
  "i32.div_s": [0x6d],
  "i32.and": [0x71],
  "i32.or": [0x72],
  "i32.shl": [0x74],
  "i32.shr_u": [0x76],
  "f32.eq": [0x5b],
  "f32.lt": [0x5d],
  "f32.le": [0x5f],
  "f32.abs": [0x8b],
  "f32.neg": [0x8c],
  "f32.sqrt": [0x91],
  "f32.add": [0x92],
  "f32.sub": [0x93],
  "f32.mul": [0x94],
  "f32.div": [0x95],
  "f32.min": [0x96],
  "f32.max": [0x97],
  "f32.demote_f64": [0xb6],
  "f64.promote_f32": [0xbb],
  "i32.reinterpret_f32": [0xbc],
  "f32.reinterpret_i32": [0xbe],
  "f32x4.splat": [0xfd, 0x13],
  "f32x4.eq": [0xfd, 0x41],
  "f32x4.lt": [0xfd, 0x43],
  "f32x4.le": [0xfd, 0x45],
  "v128.and": [0xfd, 0x4e],
  "v128.or": [0xfd, 0x50],
  "v128.bitselect": [0xfd, 0x52],
  "i32x4.extend_low_i16x8_s": [0xfd, 0xa7, 0x01],
  "i32x4.shl": [0xfd, 0xab, 0x01],
  "f32x4.abs": [0xfd, 0xe0, 0x01],
  "f32x4.neg": [0xfd, 0xe1, 0x01],
  "f32x4.sqrt": [0xfd, 0xe3, 0x01],
  "f32x4.add": [0xfd, 0xe4, 0x01],
  "f32x4.sub": [0xfd, 0xe5, 0x01],
  "f32x4.mul": [0xfd, 0xe6, 0x01],
  "f32x4.div": [0xfd, 0xe7, 0x01],
  "f32x4.min": [0xfd, 0xe8, 0x01],
  "f32x4.max": [0xfd, 0xe9, 0x01],
  "f32x4.relaxed_madd": [0xfd, 0x85, 0x02],
} as const satisfies Readonly<Record<string, readonly number[]>>;

/** Instructions that access memory at an i32 address plus an unsigned offset, with the size of an element in bytes. */
const MEMORY = {
  "f32.load": { bytes: [0x2a], element: 4 },
  "i32.load16_s": { bytes: [0x2e], element: 2 },
  "f32.store": { bytes: [0x38], element: 4 },
  "i32.store16": { bytes: [0x3b], element: 2 },
  "v128.load": { bytes: [0xfd, 0x00], element: 4 },
  "v128.load16x4_s": { bytes: [0xfd, 0x03], element: 2 },
  "v128.load16_splat": { bytes: [0xfd, 0x08], element: 2 },
  "v128.load32_splat": { bytes: [0xfd, 0x09], element: 4 },
  "v128.store": { bytes: [0xfd, 0x0b], element: 4 },
} as const satisfies Readonly<Record<string, { bytes: readonly number[]; element: number }>>;

const LANE = {
  "f32x4.extract_lane": [0xfd, 0x1f],
  "f32x4.replace_lane": [0xfd, 0x20],
} as const satisfies Readonly<Record<string, readonly number[]>>;

export type PlainInstruction = keyof typeof PLAIN;
export type MemoryInstruction = keyof typeof MEMORY;
export type LaneInstruction = keyof typeof LANE;

/** The largest offset of a memory instruction. */
export const MAX_OFFSET = 2 ** 32 - 1;

const EMPTY_BLOCK = 0x40;
const V128_CONST = [0xfd, 0x0c];

/** The instructions of a function, in the order in which they are added. */
export class Code {
  readonly bytes: number[] = [];

  plain(name: PlainInstruction): this {
    return this.#push(PLAIN[name]);
  }

  localGet(local: number): this {
    return this.#numbered(0x20, local);
  }

  localSet(local: number): this {
    return this.#numbered(0x21, local);
  }

  localTee(local: number): this {
    return this.#numbered(0x22, local);
  }

  i32Const(value: number): this {
    this.bytes.push(0x41);
    pushSigned(this.bytes, value);
    return this;
  }

  f32Const(value: number): this {
    return this.#push([0x43]).#push(new Uint8Array(new Float32Array([value]).buffer));
  }

  /** A vector of four times the same float32. */
  f32x4Const(value: number): this {
    return this.#push(V128_CONST).#push(new Uint8Array(new Float32Array(4).fill(value).buffer));
  }

  /** A vector of four times the same 32 bits. */
  i32x4Const(value: number): this {
    return this.#push(V128_CONST).#push(new Uint8Array(new Int32Array(4).fill(value).buffer));
  }

  memory(name: MemoryInstruction, offset: number): this {
    const { bytes, element } = MEMORY[name];
    // The exponent promises an alignment. A broken promise costs speed on some machines, and a promise of more than an
    // element gains nothing on any that we know.
    this.#push(bytes).bytes.push(Math.log2(element));
    pushUnsigned(this.bytes, offset);
    return this;
  }

  lane(name: LaneInstruction, lane: number): this {
    this.#push(LANE[name]).bytes.push(lane);
    return this;
  }

  call(index: number): this {
    return this.#numbered(0x10, index);
  }

  /** Begins a loop, which ends with `plain("end")`. A branch to the loop goes back to its top. */
  loop(): this {
    return this.#push([0x03, EMPTY_BLOCK]);
  }

  /** Begins an `if`, which ends with `plain("end")`. */
  if(): this {
    return this.#push([0x04, EMPTY_BLOCK]);
  }

  else(): this {
    return this.#push([0x05]);
  }

  /** Branches if the top of the stack is not zero. Depth 0 is the innermost loop or `if`. */
  branchIf(depth: number): this {
    return this.#numbered(0x0d, depth);
  }

  #push(bytes: Bytes): this {
    for (let i = 0; i < bytes.length; i++) this.bytes.push(bytes[i] as number);
    return this;
  }

  /** An instruction of one byte and a number. */
  #numbered(instruction: number, value: number): this {
    this.bytes.push(instruction);
    pushUnsigned(this.bytes, value);
    return this;
  }
}

export function assemble({ shared, imports, functions }: WasmSource): Uint8Array<ArrayBuffer> {
  const types = new TypeTable();
  // An import states the least and, of shared memory, the most pages that it takes.
  const limits = shared ? [0x03, 0, ...unsigned(MAX_PAGES)] : [0x00, 0];
  const sections = [
    section(
      2,
      list([
        [...text("env"), ...text("memory"), 0x02, ...limits],
        ...imports.map(({ name, type }) => [...text("env"), ...text(name), 0x00, ...unsigned(types.indexOf(type))]),
      ]),
    ),
    section(3, list(functions.map(({ type }) => unsigned(types.indexOf(type))))),
    section(7, list(functions.map(({ name }, i) => [...text(name), 0x00, ...unsigned(imports.length + i)]))),
    section(10, list(functions.map(functionBody))),
  ];
  const header = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
  return concatenate([header, types.section(), ...sections]);
}

/** The function types of a module, each once. */
class TypeTable {
  readonly #types: FunctionType[] = [];

  indexOf(type: FunctionType): number {
    const same = (other: FunctionType) =>
      other.parameters.join() === type.parameters.join() && other.results.join() === type.results.join();
    const known = this.#types.findIndex(same);
    return known >= 0 ? known : this.#types.push(type) - 1;
  }

  section(): Bytes {
    const valueTypes = (values: readonly ValueType[]) => list(values.map((value) => [VALUE_TYPES[value]]));
    return section(
      1,
      list(
        this.#types.map(({ parameters, results }) =>
          concatenate([[0x60], valueTypes(parameters), valueTypes(results)]),
        ),
      ),
    );
  }
}

function functionBody({ locals, code }: WasmFunction): Bytes {
  // The format declares a run of locals of one type by its length.
  const runs: { type: ValueType; count: number }[] = [];
  for (const type of locals) {
    const last = runs.at(-1);
    if (last?.type === type) last.count++;
    else runs.push({ type, count: 1 });
  }
  const declared = list(runs.map(({ type, count }) => [...unsigned(count), VALUE_TYPES[type]]));
  const size = declared.length + code.bytes.length + PLAIN.end.length;
  return concatenate([unsigned(size), declared, code.bytes, [...PLAIN.end]]);
}

const section = (id: number, content: Bytes): Bytes => concatenate([[id], unsigned(content.length), content]);

const list = (items: readonly Bytes[]): Bytes => concatenate([unsigned(items.length), ...items]);

type Bytes = ArrayLike<number>;

function concatenate(parts: readonly Bytes[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let end = 0;
  for (const part of parts) {
    whole.set(part, end);
    end += part.length;
  }
  return whole;
}

/** A name in UTF-8, with U+FFFD for half a pair. Pages of jsdom, in which Jest runs tests, have no TextEncoder. */
const text = (value: string): number[] => {
  const escaped = encodeURIComponent(value.replace(/\p{Surrogate}/gu, "\ufffd")).match(/%..|./g) ?? [];
  const bytes = escaped.map((byte) => (byte.length === 1 ? byte.charCodeAt(0) : Number.parseInt(byte.slice(1), 16)));
  return [...unsigned(bytes.length), ...bytes];
};

function unsigned(value: number): number[] {
  const bytes: number[] = [];
  pushUnsigned(bytes, value);
  return bytes;
}

/** Adds the LEB128 bytes of an unsigned 32-bit integer. */
function pushUnsigned(bytes: number[], value: number): void {
  if (!Number.isInteger(value) || value < 0 || value > MAX_OFFSET) {
    failInternally(`${value} is no unsigned 32-bit integer`);
  }
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  bytes.push(rest);
}

/** Adds the LEB128 bytes of a signed 32-bit integer. */
function pushSigned(bytes: number[], value: number): void {
  if (value !== (value | 0)) failInternally(`${value} is no signed 32-bit integer`);
  let rest = value;
  for (; rest >> 6 !== 0 && rest >> 6 !== -1; rest >>= 7) bytes.push((rest & 0x7f) | 0x80);
  bytes.push(rest & 0x7f);
}
