/** Names that programs may have. They reach code as they are, so each must be a name in every language, and free. */
import { JAVASCRIPT_WORDS } from "./javascript.js";

export interface NameForm {
  readonly pattern: RegExp;
  /** The pattern in words. */
  readonly said: string;
}

/** Names of programs, buffers and stages. */
export const NAME: NameForm = {
  pattern: /^[A-Za-z][A-Za-z0-9]{0,63}$/,
  said: "at most 64 letters and digits, a letter first",
};

/** Names of axes and loops are lower case, so that none equals a name that the compiler makes: valueCache, oyoBase. */
export const AXIS_NAME: NameForm = {
  pattern: /^[a-z][a-z0-9]{0,15}$/,
  said: "at most 16 small letters and digits",
};

/** The name of the accumulator, and the lower-case name that every object inherits. */
const OWN_WORDS = "acc constructor";

/** Keywords, reserved words and built-in names of WGSL that a loop could have as its name. */
const WGSL_WORDS =
  "abs abstract active alias alignas alignof array as asm async attribute auto become bitcast bool cast clamp " +
  "coherent common compile concept consteval constexpr constinit continuing cos crate decltype demote diagnostic " +
  "discard enable exp explicit extern external f16 f32 fallthrough filter final fma fn friend from get goto " +
  "groupshared highp i32 impl inline invocation layout log loop lowp macro match max mediump meta min mod module " +
  "move mut mutable namespace nil noexcept noinline noncoherent noperspective nullptr of operator override " +
  "partition pass patch precise precision premerge priv pub readonly ref regardless register require requires " +
  "resource restrict select self set shared sin sizeof smooth snorm sqrt std stored struct subroutine tanh target " +
  "template trait type typedef typeid typename u32 union unless unorm unsafe unsized use using vec2f vec3f vec3u " +
  "vec4f vec4h vec4u virtual volatile wgsl where workgroup writeonly xor";

/** Lower-case words that no axis or loop may be named: in kernels they are no variables, or mean something else. */
export const RESERVED: ReadonlySet<string> = new Set(
  [OWN_WORDS, JAVASCRIPT_WORDS, WGSL_WORDS].flatMap((words) => words.split(" ")),
);

/** Names that code itself uses, beside reserved words. */
const USED = "Float32Array Float64Array Infinity Math NaN firstWorkgroup invocationId workgroupId";

/** Words that no buffer or stage may be named. What every object inherits is no name either. */
export const TAKEN: ReadonlySet<string> = new Set([
  ...RESERVED,
  ...USED.split(" "),
  ...Object.getOwnPropertyNames(Object.prototype),
]);
