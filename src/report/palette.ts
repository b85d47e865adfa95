/** The colours of the page by name, for light and for dark. Text has a contrast of 4.5 or more on its grounds. */

type Name =
  | "paper"
  | "surface"
  | "ink"
  | "muted"
  | "line"
  | "tuned"
  | "untuned"
  | "peer"
  | "point"
  | "for"
  | "unrolled"
  | "vectorized"
  | "parallel"
  | "gpu"
  | "guard";

type Palette = Readonly<Record<Name, string>>;

const LIGHT: Palette = {
  paper: "#f7f7f5",
  surface: "#ffffff",
  ink: "#1d1f24",
  muted: "#5a606b",
  line: "#e2e3e6",
  tuned: "#2f55cf",
  untuned: "#b04a08",
  peer: "#646b77",
  point: "#7a8290",
  for: "#5a6473",
  unrolled: "#9a5700",
  vectorized: "#1f7a45",
  parallel: "#7a3fc4",
  gpu: "#0b6f8a",
  guard: "#8a4a6b",
};

const DARK: Palette = {
  paper: "#121316",
  surface: "#1a1c20",
  ink: "#e7e8eb",
  muted: "#a3a9b4",
  line: "#33363d",
  tuned: "#8fa8ff",
  untuned: "#f2a566",
  peer: "#a0a7b4",
  point: "#7f8796",
  for: "#a0a9b8",
  unrolled: "#e5b05c",
  vectorized: "#6fce97",
  parallel: "#c3a1f5",
  gpu: "#66c4de",
  guard: "#e09dbf",
};

const declare = (palette: Palette): string =>
  Object.entries(palette)
    .map(([name, colour]) => `--${name}: ${colour};`)
    .join(" ");

/** The colours as CSS. Printing takes the light ones, as paper is white. */
export const PALETTE = `:root { color-scheme: light; ${declare(LIGHT)} }
@media screen and (prefers-color-scheme: dark) { :root { color-scheme: dark; ${declare(DARK)} } }
@media print { :root { --paper: #ffffff; } }`;
