/** Groups of dimensions that axes or conditions of some line join, so that they must be looked at together. */
import { type Affine, variablesOf } from "../ir/affine.js";
import type { Axis } from "../ir/program.js";

export interface DimensionGroup {
  readonly dimensions: readonly number[];
  /** True if the axis of this line moves the group. */
  hasAxis(line: number, axis: string): boolean;
  /** True if the condition of this line bears on the group. */
  hasCondition(line: number, condition: number): boolean;
}

interface Joining {
  readonly space: readonly Axis[];
  readonly where: readonly Affine[];
  readonly at: readonly Affine[];
}

/**
 * The groups of a tensor of this rank. What bears on no dimension, such as an axis that the subscripts do not name,
 * belongs to the first group. There is always one.
 */
export function groupDimensions(rank: number, lines: readonly Joining[]): DimensionGroup[] {
  const sets = new DisjointSets();
  const dimension = (i: number) => `dimension ${i}`;
  const axis = (line: number, name: string) => `axis ${line} ${name}`;
  const condition = (line: number, i: number) => `condition ${line} ${i}`;
  lines.forEach(({ space, where, at }, line) => {
    for (const { name } of space) sets.find(axis(line, name));
    at.forEach((form, i) => {
      for (const name of variablesOf(form)) sets.join(dimension(i), axis(line, name));
    });
    where.forEach((form, i) => {
      for (const name of variablesOf(form)) sets.join(condition(line, i), axis(line, name));
    });
  });
  const roots = [...new Set(Array.from({ length: rank }, (_, i) => sets.find(dimension(i))))];
  const groups = roots.length > 0 ? roots : [""];
  return groups.map((root, group) => {
    const isIn = (member: string) => {
      const place = groups.indexOf(sets.find(member));
      return place === group || (place < 0 && group === 0);
    };
    return {
      dimensions: Array.from({ length: rank }, (_, i) => i).filter((i) => sets.find(dimension(i)) === root),
      hasAxis: (line, name) => isIn(axis(line, name)),
      hasCondition: (line, i) => isIn(condition(line, i)),
    };
  });
}

/** Things that are joined two by two. */
class DisjointSets {
  readonly #above = new Map<string, string>();

  /** The thing that stands for all that are joined with this one. */
  find(one: string): string {
    const above = this.#above.get(one);
    return above === undefined ? one : this.find(above);
  }

  join(one: string, other: string): void {
    const [a, b] = [this.find(one), this.find(other)];
    if (a !== b) this.#above.set(b, a);
  }
}
