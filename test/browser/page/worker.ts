/** A page that leaves all the work to a worker of its own. */
new Worker(new URL("./main.ts", import.meta.url), { type: "module" });
