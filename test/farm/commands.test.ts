/** The commands of a farm: what they refuse, in one sentence, and what they write. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { tilewright } from "../support/commands.js";
import { newFolder } from "../support/folder.js";

const SERVER = ["--server", "nats://127.0.0.1:1"];
const SPEC = '{ "op": "conv2d", "value": [1, 9, 9, 4], "filters": [3, 3, 4, 4], "padding": "SAME" }';

describe("a command of a farm", () => {
  test.each<[string, readonly string[], RegExp]>([
    ["no server", ["tune", SPEC], /--server takes the address of a farm's server/],
    ["a server that is none", ["work", "--server", "http://x"], /--server takes .*; got "http:\/\/x"/],
    ["a server with a password in it", ["work", "--server", "nats://me:secret@x"], /--server takes/],
    ["a level that is none", ["tune", SPEC, ...SERVER, "--level", "estimate"], /--level takes one of quick, balanced/],
    ["a quorum of none", ["tune", SPEC, ...SERVER, "--quorum", "0"], /--quorum takes a number above 0/],
    [
      "a quorum that is no count",
      ["tune", SPEC, ...SERVER, "--quorum", "1.5"],
      /--quorum takes a whole number from 1 to 8/,
    ],
    ["a target that is none", ["tune", SPEC, ...SERVER, "--target", "gpu"], /--target takes one of wasm, js, webgpu/],
    ["a kernel to work on", ["work", "kernel", ...SERVER], /work takes no "kernel"; kernels come from the server/],
    ["a key that is not there", ["work", ...SERVER, "--key", "/none"], /--key: \/none cannot be read \(ENOENT\)/],
    ["nobody at the address", ["work", ...SERVER], /no server lets this process in at nats:\/\/127\.0\.0\.1:1/],
    ["a page's server that is none", ["page", "--server", 'wss://x"><script>'], /--server takes an address for pages/],
    ["an option that it does not have", ["compose", "--tls"], /there is no option --tls/],
    ["nothing", [], /No command specified; see tilewright --help/],
  ])("is refused %s", async (_, args, sentence) => {
    const { code, err } = await tilewright(["farm", ...args]);
    expect(err).toMatch(sentence);
    expect(err.trim().split("\n").length).toBe(1);
    expect(code).toBe(1);
  });

  test.each(["tune", "work", "compose", "page"])("has help of its own: %s", async (name) => {
    const { code, out } = await tilewright(["farm", name, "--help"]);
    expect(code).toBe(0);
    expect(out).toContain(`tilewright farm ${name}`);
    expect(out).toContain("EXAMPLE");
  });

  test("writes the server's files, keys for their owner alone, and replaces none", async () => {
    const folder = join(newFolder(), "farm");
    const { code, out } = await tilewright(["farm", "compose", "--out", folder]);
    expect({ code, out }).toEqual({
      code: 0,
      out: `docker-compose.yaml, nats.conf, coordinator.key, worker.key are in ${folder}\n`,
    });
    expect(statSync(join(folder, "worker.key")).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder, "nats.conf"), "utf8")).toContain('subscribe { allow: ["_INBOX.>"] }');
    const again = await tilewright(["farm", "compose", "--out", folder]);
    expect(again).toMatchObject({ code: 1, err: expect.stringContaining("has a docker-compose.yaml already") });
  });

  test("prints them where no folder is named", async () => {
    const { out } = await tilewright(["farm", "compose"]);
    for (const name of ["docker-compose.yaml", "nats.conf", "coordinator.key", "worker.key"]) {
      expect(out).toContain(`== ${name} ==`);
      expect(existsSync(name)).toBe(false);
    }
  });
});
