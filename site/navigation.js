// @ts-check
/** What stands above the pages and beside them. */
import { declaredDirectives } from "./generate/directives.js";
import { EVERY_OP } from "./generate/ops.js";

/** @param {string} text @param {string} link */
const page = (text, link) => ({ text, link });

/** Programs that stand beside the pages, each with a page of its own. */
const PROGRAMS = [
  { text: "Playground", link: "/playground/", target: "_self" },
  { text: "TensorFlow.js on our kernels", link: "/tfjs/", target: "_self" },
];

const INSIDE = [
  page("The road of one kernel", "/inside/"),
  page("Passes", "/inside/passes"),
  page("How a schedule is chosen", "/inside/schedules"),
  page("Formulas, families and gradients", "/inside/meaning"),
  page("Targets and hosts", "/inside/hosts"),
  page("Layers, rules and files", "/inside/rules"),
];

export const NAVIGATION = [
  { ...page("Guide", "/guide/"), activeMatch: "^/guide/" },
  { ...page("Formulas", "/formulas/"), activeMatch: "^/formulas/" },
  { ...page("Ops", "/ops/"), activeMatch: "^/ops/" },
  {
    text: "Inside",
    activeMatch: "^/(inside|directives|reference)/",
    items: [
      page("The road of one kernel", "/inside/"),
      page("Passes", "/inside/passes"),
      page("Directives", "/directives/"),
      page("Reference", "/reference/"),
    ],
  },
  { ...page("Measured", "/measured/"), activeMatch: "^/measured/" },
  page("Comparison", "/comparison"),
  { text: "Try", items: PROGRAMS },
];

const GUIDE = [
  {
    text: "Guide",
    items: [
      page("Five minutes", "/guide/"),
      page("Why", "/guide/why"),
      page("Kernels and calls", "/guide/calls"),
      page("Exact and fast", "/guide/accuracy"),
      page("Explain", "/guide/explain"),
      page("Known limits", "/guide/limits"),
    ],
  },
  {
    text: "In a build",
    items: [
      page("Ahead of time", "/guide/ahead-of-time"),
      page("Models", "/guide/models"),
      page("Tuning", "/guide/tuning"),
    ],
  },
  {
    text: "Where it runs",
    items: [page("Threads", "/guide/threads"), page("On a GPU", "/guide/gpu"), page("Policies", "/guide/policies")],
  },
  {
    text: "With other runtimes",
    items: [page("In TensorFlow.js", "/guide/tfjs"), page("With ONNX Runtime", "/guide/ort")],
  },
  { text: "Try", items: PROGRAMS },
];

const FORMULAS = [
  {
    text: "Formulas",
    items: [
      page("The language", "/formulas/"),
      page("Examples", "/formulas/examples"),
      page("Mistakes", "/formulas/errors"),
    ],
  },
];

const OPS = [
  {
    text: "Ops",
    items: [
      page("Gallery", "/ops/"),
      page("Support", "/ops/support"),
      page("What the op means", "/ops/atrous"),
      page("The convolution family", "/ops/family"),
      page("Any length", "/ops/any-length"),
      page("Other ops", "/ops/others"),
    ],
  },
  { text: "Each op", items: EVERY_OP.map(({ op }) => page(op, `/ops/${op}`)) },
];

const DEEPER = [
  { text: "Inside", items: INSIDE },
  {
    text: "Directives",
    items: [
      page("All directives", "/directives/"),
      ...declaredDirectives().map(({ name }) => page(name, `/directives/${name}`)),
    ],
  },
  {
    text: "Reference",
    items: [
      page("Entries", "/reference/"),
      page("tilewright", "/reference/tilewright"),
      page("tilewright/compiler", "/reference/compiler"),
      page("tilewright/tuning", "/reference/tuning"),
      page("tilewright/tfjs", "/reference/tfjs"),
      page("tilewright/config", "/reference/config"),
      page("tilewright/runtime", "/reference/runtime"),
      page("Errors", "/reference/errors"),
    ],
  },
];

export const SIDEBAR = {
  "/guide/": GUIDE,
  "/formulas/": FORMULAS,
  "/ops/": OPS,
  "/inside/": DEEPER,
  "/directives/": DEEPER,
  "/reference/": DEEPER,
};
