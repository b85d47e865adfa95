/** Words of small letters that no loop may be called: they cannot be variables where kernels are printed, or mean something there. */

/** The accumulator, and what every object inherits. */
const OWN = "acc constructor";

const JAVASCRIPT =
  "arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally " +
  "for function if implements import in instanceof interface let new null package private protected public return static super " +
  "switch this throw true try typeof var void while with yield";

const WGSL =
  "abs abstract active alias alignas alignof array as asm async attribute auto become bitcast bool cast clamp coherent common compile " +
  "concept constexpr consteval constinit continuing crate decltype demote diagnostic discard enable exp explicit extern external f16 " +
  "f32 fallthrough filter final fma fn friend from get goto groupshared highp i32 impl inline invocation layout loop lowp macro match " +
  "max mediump meta min mod module move mut mutable namespace nil noexcept noinline noncoherent noperspective nullptr of operator " +
  "override partition pass patch precise precision premerge priv pub readonly ref regardless register require requires resource " +
  "restrict select self set shared sizeof smooth snorm sqrt std stored struct subroutine tanh target template trait type typedef typeid typename " +
  "u32 union unless unorm unsafe unsized use using vec2f vec3f vec3u vec4f vec4h vec4u virtual volatile wgsl where workgroup " +
  "writeonly xor";

export const RESERVED: ReadonlySet<string> = new Set([OWN, JAVASCRIPT, WGSL].flatMap((words) => words.split(" ")));
