/** What commands load of a farm, all at once: it needs packages that not everybody has. */
export { tuneFarm } from "../tuneFarm.js";
export { composeFiles } from "./compose.js";
export { connectTo } from "./connect.js";
export { workHere } from "./nodeWorker.js";
