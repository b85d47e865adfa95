// @ts-check
/** From lowered kernels to results: emitters, modules, hosts and tuning. */
import { mutantsOf } from "./mutantsOf.js";

/** @type {readonly (readonly import("./mutantsOf.js").Mutant[])[]} */
export const OF_CODE = [
  mutantsOf("src/codegen/emit/text.ts", ["test/emit/js.test.ts"], {
    "JavaScript drops an if's else": ["stmt.otherwise.length > 0 ?", "stmt.otherwise.length > 99 ?"],
    "a select compares a number with itself": ["atom(this.#expr(expr.a))", "atom(this.#expr(expr.b))"],
  }),
  mutantsOf("src/codegen/emit/js.ts", ["test/emit/integers.test.ts"], {
    "bases wrap around at 32 bits": ['fits(index) ? " | 0" : ""', '" | 0"'],
  }),
  mutantsOf("src/codegen/emit/js.ts", ["test/emit/js.test.ts"], {
    "JavaScript always takes the other branch": ["{atom(then)} :", "{atom(otherwise)} :"],
  }),
  mutantsOf("src/codegen/emit/wasm.ts", ["test/emit/wasm.test.ts"], {
    "an immediate beyond 32 bits": [" || offset > MAX_OFFSET", ""],
    "WebAssembly takes the other branch": ["[expr.then, expr.otherwise, expr.a", "[expr.otherwise, expr.then, expr.a"],
    "a number is less than itself": ['less: "lt"', 'less: "le"'],
    "immediates beside a base below zero": [" || min < 0", ""],
    "steps step too far": [".i32Const(by | 0)", ".i32Const((by + 4) | 0)"],
    "ranges begin at zero": ["if (isRange) code.localGet(this.#begin);", "if (isRange) code.i32Const(0);"],
    "buffers are not shifted": ["code.localGet(slot).i32Const(shift)", "code.localGet(slot).i32Const(0)"],
    "a counter that is read counts down": [
      "const counts = isRange || loop.while !== undefined || variablesIn(loop.body).has(loop.name);",
      "const counts = isRange || loop.while !== undefined;",
    ],
    "the next lane is extracted": [
      'code.lane("f32x4.extract_lane", expr.lane);',
      'code.lane("f32x4.extract_lane", (expr.lane + 1) % 4);',
    ],
  }),
  mutantsOf("src/codegen/emit/wasmAssembler.ts", ["test/emit/wasmAssembler.test.ts"], {
    "signed integers cut at their sign": ["rest >> 6 !== 0 && rest >> 6 !== -1", "rest >> 7 !== 0 && rest >> 7 !== -1"],
  }),
  mutantsOf("src/codegen/emit/wgsl.ts", ["test/emit/wgsl.test.ts"], {
    "WGSL always takes the other branch": ["{then}, $", "{otherwise}, $"],
    "WGSL has no barriers": ['barrier: () => "workgroupBarrier();"', 'barrier: () => ""'],
  }),
  mutantsOf("src/codegen/aot/literal.ts", ["test/build/literal.test.ts"], {
    "a name sets a prototype": ['key === "__proto__" ?', 'key === "" ?'],
  }),
  mutantsOf("src/ir/layout.ts", ["test/emit/wasmModule.test.ts"], {
    "buffers overlap": ["Math.ceil(bytes / ALIGNMENT)", "Math.floor(bytes / ALIGNMENT)"],
    "a block may begin anywhere": ["least = Math.max(least, buffer.least - bytes);", "least = Math.max(least, 0);"],
  }),
  mutantsOf("src/codegen/module/wgsl.ts", ["test/emit/wgslModule.test.ts"], {
    "the last dispatch runs past the end": ["Math.min(count, size - i * count)", "count"],
  }),
];

/** @type {readonly (readonly import("./mutantsOf.js").Mutant[])[]} */
export const OF_THE_RUNTIME = [
  mutantsOf("src/runtime/host/wasmInstance.ts", ["test/runtime/wasm.test.ts"], {
    "weights that make room are overwritten": [
      "this.#stored.map((name) => this.arena.elements(name).slice())",
      "this.#stored.map((name) => this.arena.elements(name))",
    ],
  }),
  mutantsOf("src/runtime/host/arena.ts", ["test/runtime/wasm.test.ts"], {
    "an array does not hold its kernel": ["owners.set(view, this);", ""],
    "a kernel that is gone keeps its memory": ["abandoned.register(this, block, this);", ""],
    "memory that was used shows": ["address).fill(0);", "address);"],
  }),
  mutantsOf("src/runtime/host/freeRanges.ts", ["test/runtime/heap.test.ts"], {
    "the first range that fits is taken": [
      "best === undefined || end - begin <",
      "best === undefined || begin - end >",
    ],
    "neighbours stay apart": ["const joinsAfter = after?.begin === end;", "const joinsAfter = false;"],
    "blocks may lie anywhere": ["Math.max(begin, aligned(least))", "begin"],
  }),
  mutantsOf("src/runtime/host/heap.ts", ["test/runtime/heap.test.ts"], {
    "empty memories stay": ["this.#memories.length > 1", "this.#memories.length > 99"],
  }),
  mutantsOf("src/runtime/host/relocatedCalls.ts", ["test/runtime/memory.test.ts"], {
    "an image may lie too low": ["if (begin < least) {", "if (begin < 0) {"],
    "the first places are used for ever": ["if (!isSame || units !== this.#units) {", "if (this.#last.length === 0) {"],
  }),
  mutantsOf("src/runtime/threads/board.js", ["test/runtime/threads.test.ts"], {
    "parked workers do nothing": ["if (Atomics.load(board, OPEN) === 0) return true;", "return true;"],
    "nobody waits for workers": ["return isLeft(board, patience) && ", "return "],
  }),
  mutantsOf("src/runtime/host/wasmInstance.ts", ["test/runtime/named.test.ts"], {
    "memory handed in the other way round is overwritten": [
      "const isCrossed = from.length > 1 &&",
      "const isCrossed = from.length > 9 &&",
    ],
  }),
  mutantsOf("src/runtime/host/arrays.ts", ["test/runtime/kernel.test.ts"], {
    "weights change after they were prepared": ['role === "weights" ? array?.slice() : array', "array"],
  }),
  mutantsOf("src/runtime/arguments.ts", ["test/runtime/named.test.ts"], {
    "an output may be an input": ["for (const other of taken) checkNoAlias(name, data, other.name, other.data);", ""],
    "an output may be another": ["    taken.push({ name, data });", ""],
    "names of nobody are passed over": ["if (strange !== undefined)", 'if (strange === "")'],
    "arguments go by their order": ["names.map((name) => all.get(name))", "[...all.values()]"],
  }),
  mutantsOf("src/runtime/threads/chunks.js", ["test/runtime/threads.test.ts"], {
    "the last chunk runs past the end": ["Math.min(iterations, begin + chunk)", "begin + chunk"],
  }),
  mutantsOf("src/cli/run.ts", ["test/printable.test.ts"], {
    "text from outside steers the terminal": ["printableLines(text)", "text"],
  }),
  mutantsOf("src/tune/records.ts", ["test/tune/hostileRecords.test.ts"], {
    "a byte order mark loses a record": ["raw.trim()", "raw"],
  }),
  mutantsOf("src/tune/trials.ts", ["test/tune/tuneKernel.test.ts"], {
    "tuning ends before anything was measured": ["this.#clock && !isOwed", "this.#clock"],
    "tuning waits for more than a batch of failures": [
      "this.compared === 0 && this.count < this.#effort.batch",
      "this.compared === 0",
    ],
  }),
  mutantsOf("src/tune/selection.ts", ["test/tune/selection.test.ts"], {
    "a tie is a reason for another schedule": ["sure.gain.low > WORTHWHILE", "sure.gain.median > WORTHWHILE"],
  }),
];
