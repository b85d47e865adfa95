// @ts-check
/** The search: views, tails, and choices between sketches and algorithms. */
import { mutantsOf } from "./mutantsOf.js";

/** @type {readonly (readonly import("./mutantsOf.js").Mutant[])[]} */
export const OF_SEARCH = [
  mutantsOf("src/codegen/search/view.ts", ["test/search/view.test.ts"], {
    "lanes lie in any dimension": ["(i === along || (i > along && extent < lanes))", "i >= 0"],
    "vectors of one element's dimension": ["(i > along && extent < lanes)", "i > along"],
    "lanes are stored with gaps": ["axis.out === 1 && ", ""],
    "lanes are stored one by one where a vector could be": [
      "long.some((axis) => canStore",
      "long.every((axis) => canStore",
    ],
    "lanes of a sum are less than a vector": ["extent > 0 && extent % lanes === 0 &&", "extent > 0 &&"],
    "lanes of a sum of which some do not count": [
      "every((form) => coefficientOf(form, name) === 0)",
      "every(() => true)",
    ],
    "points past the end are summed if some form catches them": [
      "return limits.every((limit) => isSaid(limit, stage.domain));",
      "return stage.domain.length > 0 || limits.every((limit) => isSaid(limit, stage.domain));",
    ],
    "rows along which the columns' factor moves": [
      "columns.by.some((step, i) => step !== 0 && axis.by[i] === 0)",
      "columns.by.some((step) => step !== 0)",
    ],
    "a sum in lanes though columns could be": ["return hasColumns || !lane", "return !lane"],
  }),
  mutantsOf("src/codegen/search/vectorTile.ts", ["test/search/offered.test.ts"], {
    "rows of what is not copied are rounded up": [
      "(!row || !moves(row, packed) || row.extent % rows === 0)",
      "(row?.extent ?? 0) >= 0",
    ],
  }),
  mutantsOf("src/codegen/search/tileDirectives.ts", ["test/search/view.test.ts"], {
    "points past the end read what no copy pads": ["step === 0 || i === packed", "step === 0 || i >= 0"],
    "a tile longer than its axis moves back": ["axis.extent >= by && axis.extent % by !== 0", "axis.extent % by !== 0"],
    "a loop that subscripts a copy moves back": [" && !moves(axis, packed);", ";"],
  }),
  mutantsOf("src/codegen/search/vectorDirectives.ts", ["test/search/view.test.ts"], {
    "edges that are peeled are rounded up": ["(!tile.peeled && isGuarded(", "(isGuarded("],
    "a loop that threads share moves back": ["!isEdge && !isShared && canShift", "!isEdge && canShift"],
  }),
  mutantsOf("src/codegen/search/view.ts", ["test/search/offered.test.ts"], {
    "a copy is made of a buffer that is read twice": [
      "factors.filter((other) => other.buffer === buffer).length === 1",
      "factors.length > 0",
    ],
  }),
  mutantsOf("src/codegen/search/view.ts", ["test/search/copies.test.ts"], {
    "a copy is made for one row": ["return row && lane === columns", "return lane === columns"],
    "numbers that pass by are copied": ["moves(columns, packed) && !moves(row, packed)", "moves(columns, packed)"],
    "a copy that each call makes costs nothing": [
      "|| access.factors[packed]?.isKnown) return 0;",
      "|| packed >= 0) return 0;",
    ],
  }),
  mutantsOf("src/codegen/search/vectorDirectives.ts", ["test/search/offered.test.ts"], {
    "tiles that overlap are peeled": ["shifts ? [] : peeled", "peeled"],
  }),
  mutantsOf("src/codegen/search/bands.ts", ["test/ops/longAxes.test.ts"], {
    "no band is cut": ["2 * readWith(band) <= readWith(0)", "2 * readWith(0) <= readWith(band)"],
  }),
  mutantsOf("src/codegen/search/loopNames.ts", ["test/search/offered.test.ts"], {
    "two loops of one name": ["this.#given.get(loop)", "[...this.#given.values()].find((one) => one === wish)"],
  }),
  mutantsOf("src/codegen/search/stagePoints.ts", ["test/search/choose.test.ts"], {
    "sketches without handicap": ["point.cycles * sketch.handicap : point.cycles", "point.cycles : point.cycles"],
    "the last sketch competes": ["read(sketches.slice(0, -1))", "read(sketches)"],
  }),
  mutantsOf("src/codegen/search/choose.ts", ["test/search/choose.test.ts"], {
    "the fastest however inexact": ["CLOSE * fastest.cycles", "fastest.cycles"],
    "the most exact however slow": ["cycles <= CLOSE *", "cycles <= 99 * CLOSE *"],
    "of those about as fast the least exact": ["next.bound < best.bound", "next.bound > best.bound"],
  }),
  mutantsOf("src/codegen/search/winogradDirectives.ts", ["test/runtime/family.test.ts"], {
    "channels that come first are read as vectors": ["|| canLoad(access, axis, lanes)", "|| true"],
  }),
];
