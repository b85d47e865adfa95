/** A chart of the report, drawn by the same module. What draws is loaded when the first chart is seen. */
import { useEffect, useState } from "preact/hooks";
import type * as Charts from "../charts.js";

interface ChartProps {
  readonly label: string;
  readonly caption: string;
  /** The chart as markup; undefined if there is nothing to draw. */
  readonly draw: (charts: typeof Charts) => Promise<string | undefined>;
  /** The chart is drawn anew when one of these changes. */
  readonly depends: readonly unknown[];
}

export function Chart({ label, caption, draw, depends }: ChartProps) {
  const [markup, setMarkup] = useState<string | undefined>(undefined);
  useEffect(() => {
    let isCurrent = true;
    import("../charts.js").then(draw).then((drawn) => isCurrent && setMarkup(drawn));
    return () => {
      isCurrent = false;
    };
  }, [...depends]);
  if (markup === undefined) return null;
  return (
    <figure aria-label={label}>
      <div dangerouslySetInnerHTML={{ __html: markup }} />
      <figcaption>{caption}</figcaption>
    </figure>
  );
}
