/**
 * The common parts of all charts: colours, type, and frames of fixed size, so that no font of a browser moves anything.
 */
import type { TopLevelSpec } from "vega-lite";

/** The colours of the stylesheet by name. Charts follow the reader's choice of light or dark. */
export const COLOUR = {
  ink: "var(--ink)",
  muted: "var(--muted)",
  line: "var(--line)",
  surface: "var(--surface)",
  tuned: "var(--tuned)",
  untuned: "var(--untuned)",
  peer: "var(--peer)",
  point: "var(--point)",
} as const;

export type Colour = (typeof COLOUR)[keyof typeof COLOUR];

export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly padding: { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number };
}

/** The usual frame. Two of them side by side fill a page, and one can be read on a phone. */
export const PLOT: Frame = { width: 388, height: 270, padding: { left: 58, right: 14, top: 14, bottom: 46 } };

export type Layer = Extract<TopLevelSpec, { layer: unknown }>["layer"][number];

/** A mark of these shows the text in its field `hover` where a pointer rests on it. */
export const HOVERED = {
  mark: { aria: true },
  encoding: { description: { field: "hover", type: "nominal" } },
} as const;

/** Layers in a frame, with the axes and texts that all charts have. */
export const layered = ({ width, height, padding }: Frame, layer: Layer[]): TopLevelSpec => ({
  width,
  height,
  padding,
  autosize: { type: "none" },
  config: {
    aria: false,
    background: "transparent",
    view: { stroke: null },
    text: { fill: COLOUR.ink, fontSize: 12 },
    axis: {
      aria: false,
      domainColor: COLOUR.line,
      tickColor: COLOUR.line,
      gridColor: COLOUR.line,
      gridOpacity: 0.6,
      labelColor: COLOUR.muted,
      labelFontSize: 12,
      labelPadding: 5,
      labelSeparation: 6,
      labelFlush: false,
      titleColor: COLOUR.muted,
      titleFontSize: 12,
      titleFontWeight: "normal",
      titlePadding: 8,
    },
  },
  layer,
});

export interface TextStyle {
  readonly align?: "left" | "center" | "right";
  readonly dx?: number;
  readonly dy?: number;
  /** Degrees, clockwise. */
  readonly angle?: number;
  readonly fill?: Colour;
  readonly fontWeight?: "bold";
}

/** A text mark with a rim in the colour of the ground, so that it can be read on top of lines and points. */
export const haloed = (style: TextStyle) => {
  const mark = { type: "text" as const, baseline: "middle" as const, ...style };
  return [{ ...mark, stroke: COLOUR.surface, strokeWidth: 4, strokeJoin: "round" as const }, mark];
};
