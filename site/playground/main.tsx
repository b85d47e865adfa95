/** The playground: the compiler itself, in a page. */
import { effect } from "@preact/signals";
import { render } from "preact";
import { lookForGpu } from "./abilities.js";
import { App, forgetOnChange } from "./app.js";
import { followPointer } from "./marks.js";
import { follow, notice } from "./store.js";

const place = document.getElementById("playground") as HTMLElement;
place.textContent = "";
render(<App />, place);
follow();
followPointer();
forgetOnChange();
void lookForGpu();

/** Milliseconds for which a notice stays. */
const STAYS = 5000;
effect(() => {
  if (notice.value === "") return;
  const timer = setTimeout(() => {
    notice.value = "";
  }, STAYS);
  return () => clearTimeout(timer);
});
