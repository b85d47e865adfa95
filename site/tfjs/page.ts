/** The page: it tells its worker what to run, and shows what comes back. */
import { Cards } from "./cards.js";
import { byId } from "./elements.js";
import { hubble, pictureIn } from "./given.js";
import { type Answer, type Order, type Picture, type Reply, WAYS, type Way } from "./messages.js";
import { showServed } from "./served.js";
import { showGiven, showMade } from "./stage.js";

const worker = new Worker("worker.js", { type: "module" });
const status = byId("status", HTMLElement);
const back = byId("hubble", HTMLButtonElement);
const cards = new Cards(byId("ways", HTMLElement), choose);
type Output = Extract<Answer, { kind: "output" }>;

let chosen: Way = "fast";
let given: Picture | undefined;
/** The last output of each way, for the picture that is shown. */
const outputs = new Map<Way, Output>();

let isRunning = false;
/** The number of the newest order. */
let latest = 0;

function run(order: Omit<Order, "number">): void {
  isRunning = true;
  status.textContent = "Running.";
  cards.forget(order.ways);
  worker.postMessage({ ...order, number: ++latest } satisfies Order);
}

/** Shows what came of a way, and runs it again unless something runs already. */
function choose(way: Way): void {
  chosen = way;
  const known = outputs.get(way);
  if (known) show(known);
  if (!isRunning) run({ ways: [way] });
}

function open(picture: Picture): void {
  given = picture;
  outputs.clear();
  showGiven(picture);
  run({ ways: WAYS, picture });
}

function show({ way, picture, difference, kernels }: Output): void {
  showMade(way, given?.size ?? 0, picture, difference);
  showServed(kernels);
}

function serve(answer: Answer): void {
  switch (answer.kind) {
    case "turn":
      cards.setBusy(answer.way);
      break;
    case "time":
      cards.addTime(answer.way, answer.milliseconds);
      break;
    case "output":
      outputs.set(answer.way, answer);
      if (answer.way === chosen) show(answer);
      break;
    case "done":
      stop("Done.");
      break;
    case "failed":
      stop(`The model could not run: ${answer.message}`);
  }
}

function stop(sentence: string): void {
  isRunning = false;
  cards.setBusy(undefined);
  status.textContent = sentence;
}

worker.addEventListener("message", ({ data: { number, answer } }: MessageEvent<Reply>) => {
  // What comes of an older order is of another picture, perhaps.
  if (number === latest) serve(answer);
});
byId("all", HTMLButtonElement).addEventListener("click", () => run({ ways: WAYS }));
back.addEventListener("click", async () => {
  back.hidden = true;
  open(await hubble());
});
byId("file", HTMLInputElement).addEventListener("change", async ({ currentTarget }) => {
  const file = (currentTarget as HTMLInputElement).files?.[0];
  if (!file) return;
  try {
    open(await pictureIn(file));
    back.hidden = false;
  } catch {
    status.textContent = `${file.name} is no picture that this browser can read; take a PNG, JPEG or WebP`;
  }
});

cards.choose(chosen);
open(await hubble());
