/** The properties of every pane. */
import type { Compiled } from "../messages.js";

export interface PaneProps {
  readonly compiled: Compiled;
}
