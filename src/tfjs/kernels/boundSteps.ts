/** The steps of a kernel's calls, by the buffers that they are bound to. */
import type { DispatchStep } from "../../runtime/webgpu/steps.js";
import type { WebgpuBuffer } from "../../runtime/webgpu/types.js";

/** A branch for each next buffer, and the steps where there is none. */
interface Branch {
  steps?: readonly DispatchStep[];
  readonly next: WeakMap<WebgpuBuffer, Branch>;
}

const newBranch = (): Branch => ({ next: new WeakMap() });

/** More are forgotten: TensorFlow.js hands out the same few buffers, and an app may have ever new ones. */
const MOST_BOUND = 256;

export class BoundSteps {
  #root = newBranch();
  #count = 0;

  /** The steps for these buffers, in an order that is always the same. */
  on(buffers: readonly WebgpuBuffer[], bind: () => readonly DispatchStep[]): readonly DispatchStep[] {
    let branch = this.#root;
    for (const buffer of buffers) {
      const next = branch.next.get(buffer) ?? newBranch();
      branch.next.set(buffer, next);
      branch = next;
    }
    if (branch.steps) return branch.steps;
    const steps = bind();
    branch.steps = steps;
    if (++this.#count === MOST_BOUND) {
      this.#root = newBranch();
      this.#count = 0;
    }
    return steps;
  }
}
