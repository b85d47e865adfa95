/** The bar at the top: to run, to tune, to share, and to take along. */
import { copy } from "./clipboard.js";
import { COPIES } from "./copies.js";
import { run, tune } from "./measuring.js";
import { compiled, setup } from "./store.js";

/** `show` brings a pane to the front. */
export function Bar({ show }: { readonly show: (pane: string) => void }) {
  const now = compiled.value;
  return (
    <header class="bar">
      <h1>
        <a href="../">tilewright</a> <span>playground</span>
      </h1>
      <button
        type="button"
        class="main"
        onClick={() => {
          show("run");
          run();
        }}
      >
        Run
      </button>
      <button
        type="button"
        onClick={() => {
          show("tune");
          tune(2000);
        }}
      >
        Tune here
      </button>
      <button type="button" onClick={() => void copy(location.href, "the link, which holds all of this page")}>
        Share
      </button>
      <details class="menu">
        <summary>Copy as</summary>
        <ul>
          {Object.entries(COPIES).map(([name, text]) => (
            <li key={name}>
              <button
                type="button"
                disabled={!now}
                onClick={({ currentTarget }) => {
                  if (now) void copy(text(setup.value, now), name);
                  currentTarget.closest("details")?.removeAttribute("open");
                }}
              >
                {name}
              </button>
            </li>
          ))}
        </ul>
      </details>
    </header>
  );
}
