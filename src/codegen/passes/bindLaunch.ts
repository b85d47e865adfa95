/**
 * Hands the loops that may run side by side to the target.
 *
 * On a GPU, loops bound to workgroups and invocations stay as they are and make the launch. With threads, the outermost
 * loop stays parallel: it becomes the kernel's range, and each thread takes parts of it. All other loops run in turn.
 * The result is the same, unless iterations wait for each other at a barrier.
 */
import { BYTES } from "../../ir/dtype.js";
import { fail } from "../../ir/errors.js";
import { elementCount } from "../../ir/program.js";
import {
  type Alloc,
  type For,
  type GpuDimension,
  isInvocationLoop,
  isWorkgroupLoop,
  type Launch,
  type LoopKernel,
  type LoopKind,
  type Stmt,
  type Triple,
} from "../../ir/stmt.js";
import { bodiesOf, rewriteBody, statements, withBody } from "../../ir/visit.js";
import type { Target, WorkgroupLimits } from "../target.js";

export function bindLaunch(kernel: LoopKernel, target: Target): LoopKernel {
  if (target.workgroups) return launched(kernel, target.workgroups);
  const all = statements(kernel.body);
  if (all.some((stmt) => stmt.kind === "barrier")) {
    fail("invalid-schedule", `${kernel.name} has barriers, but this target has no workgroups; cache in local memory`);
  }
  const inTurn = rewriteBody(kernel.body, (stmt) => [stmt.kind === "for" ? { ...stmt, loop: "serial" } : stmt]);
  const [outermost] = kernel.body;
  const [range] = inTurn;
  const isShared = target.threads && inTurn.length === 1;
  if (!isShared || outermost?.kind !== "for" || outermost.loop !== "parallel" || range?.kind !== "for") {
    return withBody(kernel, inTurn);
  }
  return withBody(kernel, [{ ...range, loop: "parallel" }]);
}

const DIMENSIONS: readonly GpuDimension[] = ["x", "y", "z"];

function launched(kernel: LoopKernel, limits: WorkgroupLimits): LoopKernel {
  const refuse = (why: string): never => fail("invalid-schedule", `${kernel.name}: ${why}`);
  const extents = new Map<LoopKind, number>();
  const collect = (body: readonly Stmt[], outer: readonly LoopKind[]): void => {
    for (const stmt of body) {
      const isBound = stmt.kind === "for" && (isWorkgroupLoop(stmt) || isInvocationLoop(stmt));
      if (isBound) {
        const other = extents.get(stmt.loop) ?? stmt.extent;
        if (outer.includes(stmt.loop)) refuse(`two loops, one in the other, are bound to ${stmt.loop}; fuse them`);
        if (other !== stmt.extent)
          refuse(
            `loops of ${other} and of ${stmt.extent} iterations are bound to ${stmt.loop}; bind one of them elsewhere`,
          );
        extents.set(stmt.loop, stmt.extent);
      }
      for (const inner of bodiesOf(stmt)) collect(inner, isBound ? [...outer, stmt.loop] : outer);
    }
  };
  collect(kernel.body, []);
  const along = (unit: "workgroup" | "invocation"): Triple => {
    const [x = 1, y = 1, z = 1] = DIMENSIONS.map((dimension) => extents.get(`${unit}.${dimension}`) ?? 1);
    return [x, y, z];
  };
  const launch: Launch = { workgroups: along("workgroup"), invocations: along("invocation") };
  checkInvocations(launch.invocations, limits, refuse);
  checkMemory(kernel, limits, refuse);
  if (kernel.buffers.length > limits.storageBuffers) {
    refuse(`it binds ${kernel.buffers.length} buffers; this device allows ${limits.storageBuffers}`);
  }
  const body = rewriteBody(kernel.body, (stmt) => [stmt.kind === "for" ? inTurn(stmt) : stmt]);
  return { ...withBody(kernel, body), launch };
}

const inTurn = (loop: For): For => (loop.loop === "parallel" ? { ...loop, loop: "serial" } : loop);

function checkInvocations(invocations: Triple, limits: WorkgroupLimits, refuse: (why: string) => never): void {
  const all = elementCount(invocations);
  if (all > limits.invocations) {
    refuse(`a workgroup of ${all} invocations; this device allows ${limits.invocations}. Bind shorter loops`);
  }
  const place = invocations.findIndex((count, i) => count > (limits.invocationsAlong[i] as number));
  if (place < 0) return;
  refuse(
    `${invocations[place]} invocations along ${DIMENSIONS[place]}; ` +
      `this device allows ${limits.invocationsAlong[place]}. Bind another dimension`,
  );
}

function checkMemory({ body, arithmetic }: LoopKernel, limits: WorkgroupLimits, refuse: (why: string) => never): void {
  const isShared = (stmt: Stmt): stmt is Alloc => stmt.kind === "alloc" && stmt.space === "workgroup";
  const shared = new Map(
    statements(body)
      .filter(isShared)
      .map(({ buffer, shape }) => [buffer, elementCount(shape)]),
  );
  const bytes = BYTES[arithmetic] * [...shared.values()].reduce((sum, count) => sum + count, 0);
  if (bytes > limits.workgroupBytes) {
    refuse(
      `its caches take ${bytes} bytes of workgroup memory; this device has ${limits.workgroupBytes}. Use smaller tiles`,
    );
  }
}
