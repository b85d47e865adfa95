/** The door for commands. It needs packages that not everybody has, so they open it on demand. */
export { tuneFarm } from "../tuneFarm.js";
export { composeFiles } from "./compose.js";
export { connectTo } from "./connect.js";
export { workHere } from "./nodeWorker.js";
