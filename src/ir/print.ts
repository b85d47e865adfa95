/** Text for people: programs, stages and kernels as `explain` and snapshots show them. */
import { type Affine, type Guard, key } from "./affine.js";
import { unreachable } from "./errors.js";
import { type BinaryOp, COMPARISONS, type Expr } from "./expr.js";
import type { BufferDecl, Program, Stage } from "./program.js";
import type { LoopKernel, Stmt } from "./stmt.js";
import { parameterNames } from "./visit.js";

const SYMBOLS: Readonly<Record<Exclude<BinaryOp, "minimum" | "maximum">, string>> = {
  add: "+",
  subtract: "-",
  multiply: "*",
  divide: "/",
};

const subscripts = (at: readonly Affine[]): string => `[${at.map(key).join(", ")}]`;
const lanesMark = (lanes: number): string => (lanes === 1 ? "" : `:${lanes}`);

export function printExpr(expr: Expr): string {
  switch (expr.kind) {
    case "const":
      return `${expr.value}${lanesMark(expr.lanes)}`;
    case "local":
      return `${expr.name}${lanesMark(expr.lanes)}`;
    case "load":
      return `${expr.buffer}${subscripts(expr.at)}${lanesMark(expr.lanes)}`;
    case "splat":
      return `splat(${printExpr(expr.value)})`;
    case "lane":
      return `${printExpr(expr.value)}.${expr.lane}`;
    case "unary":
      return `${expr.op}(${printExpr(expr.x)})`;
    case "binary": {
      const a = printExpr(expr.a);
      const b = printExpr(expr.b);
      if (expr.op === "minimum" || expr.op === "maximum") return `${expr.op}(${a}, ${b})`;
      return `(${a} ${SYMBOLS[expr.op]} ${b})`;
    }
    case "fma":
      return `fma(${printExpr(expr.a)}, ${printExpr(expr.b)}, ${printExpr(expr.c)})`;
    case "select": {
      const condition = `${printExpr(expr.a)} ${COMPARISONS[expr.op]} ${printExpr(expr.b)}`;
      return `select(${condition}, ${printExpr(expr.then)}, ${printExpr(expr.otherwise)})`;
    }
    default:
      return unreachable(expr);
  }
}

const printGuard = (guard: Guard): string => guard.map((form) => `${key(form)} >= 0`).join(" and ");

function printBody(body: readonly Stmt[], indent = ""): string {
  return body.map((stmt) => printStmt(stmt, indent)).join("");
}

function printStmt(stmt: Stmt, indent: string): string {
  const inner = `${indent}  `;
  switch (stmt.kind) {
    case "for": {
      const steps = stmt.steps.map(({ name, start, by }) => `, ${name} from ${key(start)} by ${by}`).join("");
      const how = `${steps}${stmt.loop === "serial" ? "" : ` ${stmt.loop}`}${stmt.partition ? " partition" : ""}`;
      const end = stmt.while ? ` while ${key(stmt.while)} >= 0` : "";
      return `${indent}for ${stmt.name} < ${stmt.extent}${end}${how}\n${printBody(stmt.body, inner)}`;
    }
    case "if": {
      const otherwise = stmt.otherwise.length === 0 ? "" : `${indent}else\n${printBody(stmt.otherwise, inner)}`;
      return `${indent}if ${printGuard(stmt.guard)}\n${printBody(stmt.body, inner)}${otherwise}`;
    }
    case "alloc":
      return `${indent}alloc ${stmt.buffer}[${stmt.shape.join(", ")}] ${stmt.space}\n${printBody(stmt.body, inner)}`;
    case "index":
      return (
        `${indent}index ${stmt.name} = ` +
        `${stmt.divisor === 1 ? key(stmt.value) : `floor((${key(stmt.value)}) / ${stmt.divisor})`}\n`
      );
    case "flag":
      return `${indent}flag ${stmt.name} = ${printGuard(stmt.guard)}\n`;
    case "local":
      return `${indent}local ${stmt.name}${lanesMark(stmt.value.lanes)} = ${printExpr(stmt.value)}\n`;
    case "set":
      return `${indent}${stmt.name} = ${printExpr(stmt.value)}\n`;
    case "store":
      return `${indent}${stmt.buffer}${subscripts(stmt.at)}${lanesMark(stmt.value.lanes)} = ${printExpr(stmt.value)}\n`;
    case "barrier":
      return `${indent}barrier\n`;
    default:
      return unreachable(stmt);
  }
}

export const printBuffer = (buffer: BufferDecl): string =>
  `${buffer.role} ${buffer.name}[${buffer.shape.join(", ")}] ${buffer.dtype}`;

export const printKernel = (kernel: LoopKernel): string =>
  `kernel ${kernel.name}(${[...kernel.buffers.map(({ name }) => name), ...parameterNames(kernel)].join(", ")}) in ` +
  `${kernel.arithmetic}\n` +
  printBody(kernel.body, "  ");

export function printStage(stage: Stage): string {
  const axes = (list: Stage["space"]) =>
    list.map((axis) => `${axis.name} < ${axis.extent}${axis.while ? ` while ${key(axis.while)} >= 0` : ""}`).join(", ");
  return [
    `stage ${stage.name}`,
    `  for    ${axes(stage.space)}`,
    stage.where ? `  where  ${printGuard(stage.where)}` : "",
    stage.combine || stage.reduce.length > 0
      ? `  ${(stage.combine ?? "sum").slice(0, 3)}    ${axes(stage.reduce)}`
      : "",
    stage.domain.length > 0 ? `  domain ${printGuard(stage.domain)}` : "",
    `  term   ${printExpr(stage.term)}`,
    `  ${stage.output.buffer}${subscripts(stage.output.at)} = ${printExpr(stage.finish)}`,
  ]
    .filter((line) => line !== "")
    .join("\n");
}

export function printProgram(program: Program): string {
  const stages = (list: readonly Stage[], when: string) => list.map((stage) => `${when} ${printStage(stage)}`);
  return [
    `program ${program.name}`,
    ...program.buffers.map(printBuffer),
    ...stages(program.prepare, "prepare"),
    ...stages(program.run, "run"),
  ].join("\n");
}
