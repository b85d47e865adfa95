/**
 * Handlebars' runtime without its compiler. The package declares only the name without an extension, which Node's ESM
 * resolution does not accept.
 */
declare module "handlebars/dist/cjs/handlebars.runtime.js" {
  import Handlebars from "handlebars/runtime";
  export default Handlebars;
}
