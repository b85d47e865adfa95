/** The schedule: its row, the knobs of its sketch, and each directive, all of which can be turned. */
import { useEffect, useState } from "preact/hooks";
import type { Schedule } from "tilewright";
import type { Directive } from "tilewright/compiler";
import { printDirective } from "../../../src/codegen/schedule.js";
import { counted, figure } from "../../../src/report/format.js";
import { compiler, refusalOf } from "../engine.js";
import { KNOB_HELP } from "../knobHelp.js";
import type { Compiled, Knob, Knobs } from "../messages.js";
import { sentenceOf } from "../sentences.js";
import { jobOf } from "../spec.js";
import { choose, notice, refusal, setup } from "../store.js";
import type { PaneProps } from "./pane.js";
import { Listing, Marked } from "./text.js";

export function SchedulePane({ compiled }: PaneProps) {
  const { explanation, point } = compiled;
  const { schedule } = explanation;
  const unit = schedule.target.lanes === 1 ? "instructions" : "cycles";
  const isOwn = setup.value.schedule !== undefined;
  const isPick = !isOwn && setup.value.point === undefined;
  return (
    <>
      <p class="origin">
        <span class={`tag ${isPick ? "untuned" : "tuned"}`}>
          {isPick ? "the model's pick" : isOwn ? "by hand" : "another point"}
        </span>{" "}
        {!isOwn && `${figure(point.cycles)} ${unit} a call, by the cost model`}
        {!isPick && (
          <button type="button" onClick={() => choose({ point: undefined, schedule: undefined })}>
            Back to the pick
          </button>
        )}
      </p>
      {refusal.value && <p class="wrong">{sentenceOf(refusal.value, setup.value.source)}</p>}
      <KnobList of={compiled} />
      <h2>Directives</h2>
      {Object.entries(setup.value.schedule ?? schedule.directives).map(([stage, directives]) => (
        <Directives
          key={stage}
          stage={stage}
          directives={directives}
          all={setup.value.schedule ?? schedule.directives}
        />
      ))}
      <Listing text={schedule.row.replaceAll(" | ", "\n")} label="Schedule in one row" />
      <ByHand schedule={setup.value.schedule ?? schedule.directives} />
    </>
  );
}

/** Knobs of the sketch. Their values come from the whole space, which takes a moment to list. */
function KnobList({ of }: { readonly of: Compiled }) {
  const [space, setSpace] = useState<Knobs | undefined>(undefined);
  useEffect(() => {
    let isCurrent = true;
    compiler.ask("knobs", [jobOf(setup.value)]).then(
      (found) => isCurrent && setSpace(found),
      () => isCurrent && setSpace(undefined), // the refusal of the same job is shown already
    );
    return () => {
      isCurrent = false;
    };
  }, [of]);
  if (!space) return refusal.value ? null : <p class="muted">Listing the search space …</p>;
  return (
    <>
      <h2>Knobs</h2>
      <div class="knobs-grid">
        {space.knobs.map((knob) => (
          <KnobChoice key={knob.name} knob={knob} />
        ))}
      </div>
      <details>
        <summary>What the knobs turn</summary>
        <dl class="help">
          {space.knobs.map(({ name }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd id={`help-${name}`}>{KNOB_HELP[name]}</dd>
            </div>
          ))}
        </dl>
      </details>
      <p class="muted">{counted(space.points, "schedule")} in the space of this kernel.</p>
    </>
  );
}

function KnobChoice({ knob: { name, value, values } }: { readonly knob: Knob }) {
  const turn = async (text: string) => {
    const wanted = values.find((one) => String(one) === text) as Knob["value"];
    try {
      // A knob is one of the point's, whatever was done to its directives by hand.
      const { schedule: _, ...now } = setup.value;
      const { isExact, ...point } = await compiler.ask("turn", [jobOf(now), name, wanted]);
      notice.value = isExact ? `${name} is ${text}` : `${name} is ${text}; other knobs had to move with it`;
      choose({ point, schedule: undefined });
    } catch (error) {
      notice.value = refusalOf(error).sentence;
    }
  };
  return (
    <label title={KNOB_HELP[name]}>
      <span>{name}</span>
      <select
        data-knob={name}
        aria-describedby={`help-${name}`}
        value={String(value)}
        disabled={values.length < 2}
        onChange={({ currentTarget }) => void turn(currentTarget.value)}
      >
        {values.map((one) => (
          <option key={String(one)} value={String(one)}>
            {String(one)}
          </option>
        ))}
      </select>
    </label>
  );
}

interface DirectivesProps {
  readonly stage: string;
  readonly directives: readonly Directive[];
  readonly all: Schedule;
}

/** The directives of one stage as chips: a split's factor can be typed, and any directive left out. */
function Directives({ stage, directives, all }: DirectivesProps) {
  const replace = (place: number, by: readonly Directive[]) =>
    choose({ schedule: { ...all, [stage]: directives.toSpliced(place, 1, ...by) } });
  return (
    <ul class="chips" aria-label={`Directives of ${stage}`}>
      {directives.map((directive, place) => (
        <li key={place}>
          <DirectiveText directive={directive} onChange={(by) => replace(place, [by])} />
          <button
            type="button"
            class="plain"
            aria-label={`Leave out ${printDirective(directive)}`}
            onClick={() => replace(place, [])}
          >
            ×
          </button>
        </li>
      ))}
    </ul>
  );
}

function DirectiveText({
  directive,
  onChange,
}: {
  readonly directive: Directive;
  readonly onChange: (by: Directive) => void;
}) {
  if (directive.do !== "split") return <Marked text={printDirective(directive)} />;
  const { axis, by, into } = directive;
  return (
    <>
      <Marked text={`split(${axis}=`} />
      <input
        type="number"
        min={1}
        value={by}
        aria-label={`Factor by which ${axis} is split`}
        onChange={({ currentTarget }) => onChange({ ...directive, by: Number(currentTarget.value) })}
      />
      <Marked text={`*${into.join("+")})`} />
    </>
  );
}

/** All directives as JSON, for those that no chip can add. */
function ByHand({ schedule }: { readonly schedule: Schedule }) {
  const [wrong, setWrong] = useState("");
  const apply = (text: string) => {
    try {
      choose({ schedule: JSON.parse(text) });
      setWrong("");
    } catch (error) {
      setWrong(`this is no JSON: ${(error as Error).message}`);
    }
  };
  return (
    <details>
      <summary>Edit as JSON</summary>
      <textarea
        rows={10}
        spellcheck={false}
        aria-label="Schedule as JSON"
        value={JSON.stringify(schedule, null, 1)}
        onChange={({ currentTarget }) => apply(currentTarget.value)}
      />
      {wrong !== "" && <p class="wrong">{wrong}</p>}
    </details>
  );
}
