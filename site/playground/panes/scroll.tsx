/** A part of the page that scrolls by itself. It can be reached by keyboard, so that all can read it. */
import type { ComponentChildren } from "preact";

interface ScrollProps {
  /** Names the part for those who reach it by keyboard. */
  readonly label: string;
  readonly class?: string;
  readonly children: ComponentChildren;
}

export const Scroll = ({ label, class: look = "scroll", children }: ScrollProps) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
  <section class={look} tabIndex={0} aria-label={label}>
    {children}
  </section>
);
