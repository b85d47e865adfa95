/** What a page's measurer is asked beside what any is: whether it can run code of a language at all, where it is. */
import type { Language } from "../../codegen/target.js";
import type { Reply, Request } from "../messages.js";

export type PageRequest = Request | { readonly do: "look"; readonly language: Language };

/** `gpu`: its name, where the language is for one and the browser tells. */
export type Ability = { readonly can: true; readonly gpu: string } | { readonly can: false; readonly why: string };

export type PageReply = Reply | { readonly did: "look"; readonly ability: Ability };
