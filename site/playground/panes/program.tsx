/** The program: what is computed, without a word on how. And the roles of its axes. */
import { percent, whole } from "../../../src/report/format.js";
import type { AxisRow } from "../messages.js";
import type { PaneProps } from "./pane.js";
import { Scroll } from "./scroll.js";
import { Listing, Name } from "./text.js";

export function ProgramPane({ compiled: { explanation } }: PaneProps) {
  const { spec, program, work, algorithm, errorBound } = explanation;
  // Of a formula the bound is that of its sums, whose terms may be anything.
  const scale = "formula" in spec ? "Σ |terms| of the sum" : "max |value| × Σ |filters|";
  return (
    <>
      <dl class="facts">
        <Fact name="Operations" value={`${whole(work.flops)} FLOP`} />
        <Fact name="of which count" value={percent(work.liveShare)} />
        <Fact name="Moved at least" value={`${whole(work.bytes)} B`} />
        <Fact name="Algorithm" value={algorithm} />
        <Fact
          name={"formula" in spec ? "Rounding at most" : "Error at most"}
          value={`${errorBound.toExponential(1)} × ${scale}`}
        />
      </dl>
      <Listing text={program} label="Program" />
    </>
  );
}

export const Fact = ({ name, value }: { readonly name: string; readonly value: string }) => (
  <div>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </div>
);

const ROLES: Readonly<Record<AxisRow["role"], string>> = {
  batch: "every factor moves along it, so nothing is read twice",
  reuse: "some factor stays along it, and a register tile reads that factor once",
  tap: "slides over an axis of the output: neighbours read the same numbers",
  depth: "summed, and free to be split, reordered and used as lanes",
};

export function AxesPane({ compiled: { axes } }: PaneProps) {
  return (
    <Scroll label="Axes">
      <table>
        <caption>Roles follow from the subscripts alone. A name that is clicked stays marked in all panes.</caption>
        <thead>
          <tr>
            <th scope="col">Axis</th>
            <th scope="col">Extent</th>
            <th scope="col">Role</th>
            <th scope="col">One step moves by</th>
          </tr>
        </thead>
        <tbody>
          {axes.map((row) => (
            <tr key={`${row.stage} ${row.axis}`}>
              <th scope="row">
                <Name name={row.axis} /> <small>{row.stage}</small>
              </th>
              <td class="number">{whole(row.extent)}</td>
              <td class="words">
                <span class={`tag role-${row.role}`}>{row.role}</span> <small>{ROLES[row.role]}</small>
                {row.over.length > 0 && <small> (over {row.over.join(", ")})</small>}
              </td>
              <td class="words">{movesOf(row)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

const movesOf = ({ moves }: AxisRow): string =>
  moves
    .map(
      ([buffer, elements]) => `${buffer} ${elements === 0 ? "stays" : `${elements > 0 ? "+" : ""}${whole(elements)}`}`,
    )
    .join(", ");
