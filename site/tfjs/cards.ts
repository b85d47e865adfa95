/** The switch: a card for each way to run the model, with its times. */
import { element } from "./elements.js";
import { WAYS, type Way } from "./messages.js";
import { type Summary, summaryOf } from "./statistics.js";

const TEXTS: Readonly<Record<Way, readonly [name: string, what: string]>> = {
  off: ["Off", "TensorFlow.js' own kernels"],
  exact: ["Exact", "ours, sums by definition"],
  fast: ["Fast", "ours, with Winograd's algorithm"],
};

interface Card {
  readonly radio: HTMLInputElement;
  readonly label: HTMLElement;
  readonly median: HTMLElement;
  readonly spread: HTMLElement;
  readonly ratio: HTMLElement;
  readonly track: HTMLElement;
  times: number[];
}

/** Two or three digits. */
const shown = (milliseconds: number): string => milliseconds.toFixed(milliseconds < 100 ? 1 : 0);

export class Cards {
  readonly #cards: Readonly<Record<Way, Card>>;

  constructor(parent: HTMLElement, onChoice: (way: Way) => void) {
    const make = (way: Way) => [way, cardOf(way, () => onChoice(way))] as const;
    this.#cards = Object.fromEntries(WAYS.map(make)) as Record<Way, Card>;
    parent.append(...Object.values(this.#cards).map(({ label }) => label));
  }

  choose(way: Way): void {
    this.#cards[way].radio.checked = true;
  }

  /** Marks the one that runs now, if any does. */
  setBusy(busy: Way | undefined): void {
    for (const way of WAYS) this.#cards[way].label.classList.toggle("busy", way === busy);
  }

  forget(ways: readonly Way[]): void {
    for (const way of ways) this.#cards[way].times = [];
    this.#draw();
  }

  addTime(way: Way, milliseconds: number): void {
    this.#cards[way].times.push(milliseconds);
    this.#draw();
  }

  /** All are drawn to one scale, and compared with TensorFlow.js' own. */
  #draw(): void {
    const cards = Object.values(this.#cards);
    const longest = Math.max(...cards.flatMap(({ times }) => times), 0);
    const theirs = summaryOf(this.#cards.off.times);
    for (const card of cards) {
      const summary = summaryOf(card.times);
      card.median.textContent = summary ? `${shown(summary.median)} ms` : "–";
      card.spread.textContent = summary ? spreadOf(summary, card.times.length) : "not run yet";
      card.ratio.textContent = summary && theirs ? ratioOf(theirs.median / summary.median) : "";
      drawTrack(card.track, card.times, summary, longest);
    }
  }
}

const spreadOf = ({ low, high }: Summary, count: number): string =>
  `half of ${count} runs between ${shown(low)} and ${shown(high)} ms`;

const ratioOf = (ratio: number): string => `${ratio.toFixed(2)}×`;

function cardOf(way: Way, onChoice: () => void): Card {
  const [name, what] = TEXTS[way];
  const radio = element("input", "");
  Object.assign(radio, { type: "radio", name: "way", value: way });
  const [title, note] = [element("span", "name", name), element("span", "what", what)];
  const [median, spread] = [element("span", "median", "–"), element("span", "spread", "not run yet")];
  const [ratio, track] = [element("span", "ratio"), element("span", "track")];
  track.setAttribute("aria-hidden", "true");
  const parts = { name: title, what: note, median, spread, ratio };
  for (const [part, it] of Object.entries(parts)) it.id = `${way}-${part}`;
  radio.setAttribute("aria-labelledby", title.id);
  radio.setAttribute("aria-describedby", `${note.id} ${median.id} ${spread.id}`);
  radio.addEventListener("change", onChoice);
  const label = element("label", `way ${way}`, radio, title, note, median, ratio, spread, track);
  return { radio, label, median, spread, ratio, track, times: [] };
}

/** A dot for each time, a box around the middle half and a line at the median; the right end is the longest of all. */
function drawTrack(track: HTMLElement, times: readonly number[], summary: Summary | undefined, longest: number): void {
  const place = (milliseconds: number) => `${(100 * milliseconds) / longest}%`;
  const mark = (className: string, left: number) => {
    const made = element("i", className);
    made.style.left = place(left);
    return made;
  };
  const marks = times.map((time) => mark("dot", time));
  if (summary) {
    const box = mark("box", summary.low);
    box.style.width = place(summary.high - summary.low);
    marks.push(box, mark("line", summary.median));
  }
  track.replaceChildren(...marks);
}
