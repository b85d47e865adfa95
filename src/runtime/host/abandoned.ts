/**
 * Tells of owners that nobody holds any more, in engines that can tell. In others, such as workerd by its older dates,
 * what they own stays until `dispose`.
 */

import { kindOf } from "../../ir/errors.js";
import { warn } from "../warn.js";

export type Abandoned<Owned extends object> = Pick<FinalizationRegistry<Owned>, "register" | "unregister">;

/** Owners are registered with what they own. `giveBack` gets that some time after the last reference to its owner. */
export const whenAbandoned = <Owned extends object>(giveBack: (owned: Owned) => void): Abandoned<Owned> =>
  typeof FinalizationRegistry === "undefined"
    ? { register: () => undefined, unregister: () => false }
    : new FinalizationRegistry((owned) => {
        try {
          giveBack(owned);
        } catch (error) {
          // Memory may be given with a `free` that throws, and nobody waits for this call.
          warn(`tilewright: the memory of a kernel that nobody holds could not be given back (${kindOf(error)})`);
        }
      });
