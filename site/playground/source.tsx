/** The left side of the page: the formula or op, the target, and the accuracy. */
import { effect } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { hasGpu, SIMD_LEVELS } from "./abilities.js";
import { EXAMPLES } from "./examples.js";
import { names } from "./names.js";
import { sentenceOf, wrongShape } from "./sentences.js";
import { type Setup, type Simd, type Source, sourceWith, type TargetChoice } from "./setup.js";
import { placeOf } from "./spec.js";
import { choose, isBusy, isLinkBroken, refusal, setup } from "./store.js";

export function SourcePane() {
  const { source } = setup.value;
  return (
    <>
      <p class="muted">
        What is this? <a href="../guide/">Guide</a> · <a href="../formulas/">Formulas</a>
      </p>
      {isLinkBroken.value && (
        <p id="link" class="wrong" role="alert">
          This link cannot be read; it may have been cut off. What stands below is an example.
        </p>
      )}
      <label class="choice">
        Begin with{" "}
        <select
          value=""
          data-do="example"
          onChange={({ currentTarget }) => choose({ source: EXAMPLES[currentTarget.value] as Source })}
        >
          <option value="" disabled>
            an example …
          </option>
          {Object.keys(EXAMPLES).map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <EditorPlace />
      <Sentence />
      {source.kind === "formula" && <Shapes source={source} />}
      <TargetChoices />
    </>
  );
}

/** CodeMirror is loaded after the first paint; until then the text can be read. */
function EditorPlace() {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const ends: (() => void)[] = [];
    const parent = place.current as HTMLDivElement;
    void import("./editor/index.js").then(({ openEditor }) => {
      if (!parent.isConnected) return;
      parent.textContent = "";
      const editor = openEditor(
        parent,
        () => names.peek(),
        (text) => choose({ source: sourceWith(text, setup.peek().source) }),
      );
      ends.push(
        effect(() => {
          const { text, kind } = setup.value.source;
          editor.setText(text, kind);
        }),
        effect(() => editor.setRefusal(refusal.value && placeOf(refusal.value, setup.peek().source))),
      );
    });
    return () => {
      for (const end of ends) end();
    };
  }, []);
  // Preact must not touch what the editor puts here, so it is given the text once.
  const first = useRef(setup.peek().source.text);
  return (
    <div class="editor" ref={place}>
      <pre>{first.current}</pre>
    </div>
  );
}

function Sentence() {
  const wrong = refusal.value;
  return (
    <p id="refusal" class={wrong ? "wrong" : "right"} role="status" data-busy={isBusy.value}>
      {wrong ? sentenceOf(wrong, setup.value.source) : isBusy.value ? "Compiling …" : "Compiles."}
    </p>
  );
}

function Shapes({ source }: { readonly source: Extract<Source, { kind: "formula" }> }) {
  const { shapes, weights } = source;
  // The worker that tells the names is on its way at first.
  const shown = names.value.read.length > 0 ? names.value.read : Object.keys(shapes);
  const setShape = (name: string, shape: string) =>
    choose({ source: { ...source, shapes: { ...shapes, [name]: shape } } });
  const setWeight = (name: string, isWeight: boolean) =>
    choose({ source: { ...source, weights: isWeight ? [...weights, name] : weights.filter((one) => one !== name) } });
  return (
    <fieldset class="shapes">
      <legend>Shapes</legend>
      {shown.map((name) => (
        <Shape key={name} name={name} shape={shapes[name] ?? ""} onShape={(shape) => setShape(name, shape)}>
          <label class="weight">
            <input
              type="checkbox"
              checked={weights.includes(name)}
              onChange={({ currentTarget }) => setWeight(name, currentTarget.checked)}
            />{" "}
            weights
          </label>
        </Shape>
      ))}
      <p class="muted">Weights are given once, and brought into the kernel's order before the first call.</p>
    </fieldset>
  );
}

interface ShapeProps {
  readonly name: string;
  readonly shape: string;
  readonly onShape: (shape: string) => void;
  readonly children: ComponentChildren;
}

/** The field of one shape, which says what is wrong with it, whatever else is wrong. */
function Shape({ name, shape, onShape, children }: ShapeProps) {
  const wrong = wrongShape(name, shape);
  return (
    <div>
      <label for={`shape-${name}`}>{name}</label>
      <input
        id={`shape-${name}`}
        value={shape}
        placeholder="64, 256"
        inputMode="text"
        aria-invalid={wrong !== undefined}
        aria-describedby={`wrong-${name}`}
        onInput={({ currentTarget }) => onShape(currentTarget.value)}
      />
      {children}
      <p id={`wrong-${name}`} class="wrong">
        {wrong}
      </p>
    </div>
  );
}

const TARGETS: readonly (readonly [TargetChoice, string])[] = [
  ["wasm", "WebAssembly"],
  ["js", "JavaScript"],
  ["webgpu", "WebGPU"],
];

function TargetChoices() {
  const { target, simd, accuracy } = setup.value;
  return (
    <fieldset class="targets">
      <legend>Target</legend>
      <div class="choices">
        {TARGETS.map(([id, title]) => (
          <label key={id}>
            <input
              type="radio"
              name="target"
              value={id}
              checked={target === id}
              onChange={() => choose({ target: id })}
            />{" "}
            {title}
            {id === "webgpu" && hasGpu.value === false && <small> (code only)</small>}
          </label>
        ))}
      </div>
      {target === "wasm" && (
        <label class="choice">
          Vectors{" "}
          <select
            value={simd ?? SIMD_LEVELS.at(-1)}
            onChange={({ currentTarget }) => choose({ simd: currentTarget.value as Simd })}
          >
            {SIMD_LEVELS.map((level) => (
              <option key={level} value={level}>
                {VECTORS[level]}
              </option>
            ))}
          </select>
        </label>
      )}
      <label class="choice">
        Accuracy{" "}
        <select
          value={accuracy}
          onChange={({ currentTarget }) => choose({ accuracy: currentTarget.value as Setup["accuracy"] })}
        >
          <option value="exact">exact: sums by definition</option>
          <option value="fast">fast: also Winograd</option>
        </select>
      </label>
    </fieldset>
  );
}

const VECTORS: Readonly<Record<Simd, string>> = {
  none: "none",
  simd128: "128 bits",
  relaxed: "128 bits, fused multiply-add",
};
