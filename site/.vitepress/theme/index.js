// @ts-check
/** VitePress' own theme in the project's colours, with types on hover. */
import "@shikijs/vitepress-twoslash/style.css";
import TwoslashFloatingVue from "@shikijs/vitepress-twoslash/client";
import DefaultTheme from "vitepress/theme";
import "./colours.css";
import "./code.css";
import "./nest.css";
import "./parts.css";
import "./front.css";

/** @type {import("vitepress").Theme} */
export default {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    app.use(TwoslashFloatingVue);
  },
};
