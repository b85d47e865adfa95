/** Copying, with a word on what came of it. */
import { notice } from "./store.js";

export async function copy(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    notice.value = `Copied ${what}.`;
  } catch {
    notice.value = "This browser lets no page copy here; select the text by hand.";
  }
}
