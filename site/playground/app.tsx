/** The whole page: what is computed on one side, what becomes of it on the other. */
import { signal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useState } from "preact/hooks";
import { Bar } from "./bar.js";
import { copy } from "./clipboard.js";
import { forget, measuredPeer, measuredRun, tuning } from "./measuring.js";
import type { Compiled } from "./messages.js";
import { CodePane } from "./panes/code.js";
import { MemoryPane } from "./panes/memory.js";
import { NestPane } from "./panes/nest.js";
import type { PaneProps } from "./panes/pane.js";
import { PassesPane } from "./panes/passes.js";
import { AxesPane, ProgramPane } from "./panes/program.js";
import { RunPane } from "./panes/run.js";
import { SchedulePane } from "./panes/schedule.js";
import { Scroll } from "./panes/scroll.js";
import { TunePane } from "./panes/tune.js";
import { SourcePane } from "./source.js";
import { compiled, notice, refusal, setup } from "./store.js";
import { type Tab, Tabs } from "./tabs.js";

/** A pane, and what it shows as data. */
interface Pane {
  readonly id: string;
  readonly title: string;
  readonly draw: ComponentType<PaneProps>;
  readonly data: (compiled: Compiled) => unknown;
  /** True if it shows what was done here, and not what the compiler made of the text. */
  readonly isOwn?: true;
}

const HOW: readonly Pane[] = [
  {
    id: "schedule",
    title: "Schedule",
    draw: SchedulePane,
    data: ({ explanation, point }) => ({ ...explanation.schedule, point }),
  },
  {
    id: "nest",
    title: "Nest",
    draw: NestPane,
    data: ({ explanation }) =>
      explanation.kernels.map(({ name, when, steps, operations, bytes }) => ({
        name,
        when,
        nest: steps[0]?.ir,
        operations,
        bytes,
      })),
  },
  { id: "axes", title: "Axes", draw: AxesPane, data: ({ axes }) => axes },
  {
    id: "program",
    title: "Program",
    draw: ProgramPane,
    data: ({ explanation: { spec, program, work, algorithm, errorBound } }) => ({
      spec,
      program,
      work,
      algorithm,
      errorBound,
    }),
  },
];

const WHAT: readonly Pane[] = [
  { id: "code", title: "Code", draw: CodePane, data: ({ explanation: { code } }) => ({ code }) },
  { id: "passes", title: "Passes", draw: PassesPane, data: ({ explanation }) => explanation.kernels },
  {
    id: "memory",
    title: "Memory",
    draw: MemoryPane,
    data: ({ explanation, tensors }) => ({ memory: explanation.memory, tensors }),
  },
  {
    id: "run",
    title: "Run",
    draw: RunPane,
    data: () => ({ run: measuredRun.value, peer: measuredPeer.value }),
    isOwn: true,
  },
  { id: "tune", title: "Tune", draw: TunePane, data: () => tuning.value, isOwn: true },
];

const chosen = { how: signal("nest"), what: signal("code"), all: signal("source") };

const NARROW = matchMedia("(max-width: 55rem)");
const isNarrow = signal(NARROW.matches);
NARROW.addEventListener("change", ({ matches }) => {
  isNarrow.value = matches;
});

const tabOf = ({ id, title, draw: Draw, data, isOwn }: Pane): Tab => ({
  id,
  title,
  body: () =>
    compiled.value ? (
      <>
        {!isOwn && <Stale />}
        <Draw compiled={compiled.value} />
        <AsJson data={() => data(compiled.value as Compiled)} title={title} />
      </>
    ) : (
      <p class="muted">{refusal.value ? "Nothing has compiled yet." : "The compiler is on its way …"}</p>
    ),
});

/** A word on what is shown while the text, or the schedule, is refused: what stands behind it is dimmed. */
const Stale = () =>
  refusal.value && <p class="stale">Of the last {setup.value.schedule ? "schedule" : "text"} that compiled.</p>;

/** The data of a pane as JSON, written when it is asked for. */
function AsJson({ data, title }: { readonly data: () => unknown; readonly title: string }) {
  const [isOpen, setOpen] = useState(false);
  const text = isOpen ? (JSON.stringify(data(), null, 2) ?? "null") : "";
  return (
    <details class="json" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{title} as JSON</summary>
      <button type="button" onClick={() => void copy(text, `${title} as JSON`)}>
        Copy
      </button>
      <Scroll class="listing" label={`${title} as JSON`}>
        <pre>{text}</pre>
      </Scroll>
    </details>
  );
}

const SOURCE: Tab = { id: "source", title: "Source", body: () => <SourcePane /> };
const HOW_TABS = HOW.map(tabOf);
const WHAT_TABS = WHAT.map(tabOf);

/** Shows a pane, on a screen of any size. */
function show(id: string): void {
  (WHAT.some((pane) => pane.id === id) ? chosen.what : chosen.how).value = id;
  chosen.all.value = id;
}

export function App() {
  return (
    <>
      <Bar show={show} />
      <main>
        {isNarrow.value ? (
          <Tabs label="Panes" tabs={[SOURCE, ...HOW_TABS, ...WHAT_TABS]} chosen={chosen.all.value} onChoose={show} />
        ) : (
          <>
            <section class="source" aria-label="What is computed">
              <SourcePane />
            </section>
            <Tabs label="How it is computed" tabs={HOW_TABS} chosen={chosen.how.value} onChoose={show} />
            <Tabs label="What becomes of it" tabs={WHAT_TABS} chosen={chosen.what.value} onChoose={show} />
          </>
        )}
      </main>
      <p class="notice" role="status" data-shown={notice.value !== ""}>
        {notice.value}
      </p>
    </>
  );
}

/** Measurements belong to one kernel, and go with it. */
export function forgetOnChange(): () => void {
  let before = setup.value;
  return setup.subscribe((now) => {
    const isSameKernel = (["source", "target", "simd", "accuracy"] as const).every(
      (name) => now[name] === before[name],
    );
    if (!isSameKernel) tuning.value = undefined;
    if (now !== before) forget();
    before = now;
  });
}
