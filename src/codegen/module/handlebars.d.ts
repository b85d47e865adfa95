/** Handlebars' runtime without its compiler. The package's own declaration only covers the name without an extension, which Node's ESM resolution does not accept. */
declare module "handlebars/dist/cjs/handlebars.runtime.js" {
  import Handlebars from "handlebars/runtime";
  export default Handlebars;
}
