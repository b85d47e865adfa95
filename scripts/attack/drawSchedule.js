// @ts-check
/** Random schedules: directives that fit the loops of a stage more often than not, and hostile ones. */
import { odd } from "./odd.js";

/** @typedef {import("./random.js").Random} Random */
/** @typedef {{ name: string, isReduced: boolean }} Loop */

const TAILS = ["guard", "guard", "roundUp", "shiftInwards"];
const DIMENSIONS = ["workgroup.x", "workgroup.y", "invocation.x", "invocation.y", "invocation.z"];

/** @param {Random} random @param {any} program @returns {any} directives of all stages, by name */
export function drawSchedule(random, program) {
  const stages = [...program.prepare, ...program.run].filter(() => !random.once(4));
  return Object.fromEntries(stages.map((stage) => [stage.name, drawDirectives(random, stage, program)]));
}

/** @param {Random} random @param {any} stage @param {any} program */
function drawDirectives(random, stage, program) {
  /** @type {Loop[]} */
  const loops = [
    ...stage.space.map((/** @type {any} */ { name }) => ({ name, isReduced: false })),
    ...stage.reduce.map((/** @type {any} */ { name }) => ({ name, isReduced: true })),
  ];
  const directives = [];
  for (let left = random.int(0, 9); left > 0 && loops.length > 0; left--) {
    directives.push(drawDirective(random, loops, program, stage));
  }
  return directives;
}

/** One directive; `loops` become what they are after it. @param {Random} random @param {Loop[]} loops @param {any} program @param {any} stage */
function drawDirective(random, loops, program, stage) {
  const i = random.int(0, loops.length - 1);
  const loop = /** @type {Loop} */ (loops[i]);
  const next = loops[i + 1];
  const axis = loop.name;
  const names = () => loops.map(({ name }) => name);
  const buffer = () => random.pick(program.buffers).name;
  switch (random.int(0, 11)) {
    case 0:
    case 1:
    case 2: {
      const into = [`${axis}o`, `${axis}i`];
      loops.splice(i, 1, ...into.map((name) => ({ ...loop, name })));
      const tail = loop.isReduced && !random.once(6) ? "guard" : random.pick(TAILS);
      return { do: "split", axis, by: random.pick([1, 2, 3, 4, 4, 8, 100]), into, tail };
    }
    case 3: {
      if (!next) return { do: "unroll", axis };
      const into = `${axis}${next.name}`;
      loops.splice(i, 2, { ...loop, name: into });
      return { do: "fuse", axes: [axis, next.name], into };
    }
    case 4:
    case 5:
      loops.sort(() => random.next() - 0.5);
      return { do: "reorder", axes: names() };
    case 6:
      return { do: random.pick(["unroll", "parallel", "partition", "peel"]), axis };
    case 7:
      return { do: "vectorize", axis: random.pick([axis, loops.at(-1)?.name]) };
    case 8:
      return { do: "pack", buffer: buffer(), layout: names().filter(() => random.once(2)) };
    case 9:
      return { do: "accumulate", at: axis };
    case 10:
      if (random.once(2)) return { do: "bind", axis, to: random.pick(DIMENSIONS) };
      return { do: "computeAt", stage: random.pick([...program.run, stage]).name, at: axis };
    default: {
      const layout = random.once(2) ? { layout: names().filter(() => random.once(2)) } : {};
      return { do: "cache", buffer: buffer(), at: axis, space: random.pick(["local", "workgroup"]), ...layout };
    }
  }
}

/** A schedule with parts that are none. @param {Random} random @param {any} schedule @returns {any} */
export function spoilt(random, schedule) {
  if (random.once(12)) return odd(random);
  const stages = Object.entries(schedule);
  if (stages.length === 0 || random.once(10))
    return { ...schedule, [random.pick(["conv", "x\n", "__proto__", ""])]: odd(random) };
  const [name, directives] = /** @type {[string, any[]]} */ (random.pick(stages));
  const list = [...directives];
  const i = random.int(0, list.length);
  const one = list[i];
  if (one === undefined || random.once(6)) list.splice(i, 0, odd(random));
  else {
    const field = random.pick([...Object.keys(one), "do", "axis", "by", "more"]);
    const value = random.once(3)
      ? random.pick([0, -1, 2 ** 31, 2 ** 53, 1e9, "ox", "oy", "ic", "nothing"])
      : odd(random);
    list[i] = { ...one, [field]: value };
  }
  return { ...schedule, [name]: list };
}
