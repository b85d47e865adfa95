/** The kernel after each pass that changed something, with what changed marked. */
import { diffLines } from "diff";
import { useMemo, useState } from "preact/hooks";
import { counted } from "../../../src/report/format.js";
import { marked, roots } from "../marks.js";
import type { Compiled } from "../messages.js";
import type { PaneProps } from "./pane.js";
import { Scroll } from "./scroll.js";
import { Listing } from "./text.js";

type Road = Compiled["explanation"]["kernels"][number];

export function PassesPane({ compiled: { explanation } }: PaneProps) {
  const { kernels } = explanation;
  const [chosen, setChosen] = useState("");
  const road =
    kernels.find(({ name }) => name === chosen) ?? kernels.findLast(({ when }) => when === "run") ?? kernels[0];
  if (!road) return null;
  return (
    <>
      {kernels.length > 1 && (
        <label class="choice">
          Kernel{" "}
          <select value={road.name} onChange={({ currentTarget }) => setChosen(currentTarget.value)}>
            {kernels.map(({ name, when }) => (
              <option key={name} value={name}>
                {name}, {when === "run" ? "on each call" : "once for the weights"}
              </option>
            ))}
          </select>
        </label>
      )}
      <Steps road={road} />
    </>
  );
}

function Steps({ road: { name, steps, unchanged } }: { readonly road: Road }) {
  const [asked, setPlace] = useState(1);
  const place = Math.min(asked, steps.length - 1);
  const [step, before] = [steps[place], steps[place - 1]];
  return (
    <>
      <ol class="steps" aria-label={`Steps of ${name}`}>
        {steps.map(({ name: pass, ir }, i) => (
          <li key={pass}>
            <button type="button" aria-current={i === place ? "step" : undefined} onClick={() => setPlace(i)}>
              {pass} <small>{ir.split("\n").length - 1}</small>
            </button>
          </li>
        ))}
      </ol>
      <p class="muted">
        The number is that of lines. {unchanged.length > 0 && `Nothing to do here for ${unchanged.join(", ")}.`}
      </p>
      {step && before ? (
        <Difference before={before.ir} after={step.ir} label={`${name} after ${step.name}`} />
      ) : (
        <Listing text={step?.ir ?? ""} label={`${name} as a nest`} />
      )}
    </>
  );
}

/** Lines around a change that are shown with it. */
const AROUND = 2;
/** The most lines of a difference that are shown. */
const MOST_LINES = 600;
/** Milliseconds after which texts that have little in common are shown one below the other. */
const PATIENCE = 400;

interface Line {
  readonly sign: "+" | "-" | " " | "…";
  readonly text: string;
}

function Difference({
  before,
  after,
  label,
}: {
  readonly before: string;
  readonly after: string;
  readonly label: string;
}) {
  const [isWhole, setWhole] = useState(false);
  const lines = useMemo(() => linesOf(before, after), [before, after]);
  const shown = (isWhole ? lines : folded(lines)).slice(0, MOST_LINES);
  const count = (sign: Line["sign"]) => lines.filter((line) => line.sign === sign).length;
  return (
    <>
      <p class="about">
        <ins>{counted(count("+"), "line")} more</ins>, <del>{counted(count("-"), "line")} less</del>{" "}
        <label>
          <input type="checkbox" checked={isWhole} onChange={() => setWhole(!isWhole)} /> unchanged lines
        </label>
      </p>
      <Scroll class="listing difference" label={label}>
        <pre>
          {shown.map(({ sign, text }, i) => (
            <ChangedLine key={i} sign={sign} text={text} />
          ))}
        </pre>
      </Scroll>
      {lines.length > MOST_LINES && isWhole && <p class="muted">The first {MOST_LINES} lines.</p>}
    </>
  );
}

const TAGS = { "+": "ins", "-": "del", " ": "span", "…": "span" } as const;

function ChangedLine({ sign, text }: Line) {
  const Tag = TAGS[sign];
  return <Tag class="row" data-sign={sign} dangerouslySetInnerHTML={{ __html: `${marked(text, roots.value)}\n` }} />;
}

function linesOf(before: string, after: string): Line[] {
  const parts = diffLines(before, after, { timeout: PATIENCE }) ?? [
    { value: before, removed: true, added: false },
    { value: after, removed: false, added: true },
  ];
  return parts.flatMap(({ value, added, removed }) =>
    value
      .replace(/\n$/, "")
      .split("\n")
      .map((text): Line => ({ sign: added ? "+" : removed ? "-" : " ", text })),
  );
}

/** The changes and the lines around them; the others are counted. */
function folded(lines: readonly Line[]): Line[] {
  const near = (place: number) =>
    lines.slice(Math.max(0, place - AROUND), place + AROUND + 1).some(({ sign }) => sign !== " ");
  const shown: Line[] = [];
  let hidden = 0;
  const close = () => {
    if (hidden > 0) shown.push({ sign: "…", text: `  … ${counted(hidden, "line")} as before` });
    hidden = 0;
  };
  for (const [place, line] of lines.entries()) {
    if (near(place)) {
      close();
      shown.push(line);
    } else hidden++;
  }
  close();
  return shown;
}
