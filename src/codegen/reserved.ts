/** Lower-case words that no loop may be named: in printed kernels they are no variables, or mean something else. */
import { JAVASCRIPT_WORDS } from "../ir/javascript.js";

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

export const RESERVED: ReadonlySet<string> = new Set(
  [OWN_WORDS, JAVASCRIPT_WORDS, WGSL_WORDS].flatMap((words) => words.split(" ")),
);
