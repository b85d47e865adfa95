/** What the judge reads from AMD's machine code, as Mesa prints it. */
import { expect, test } from "vitest";
import { machineLoop } from "../../bench/gpu/judge/rdna.js";

const line = (text: string) => `\t${text.padEnd(40)} ; 00000000`;
const TEXT = [
  "BB0:",
  line("v_fma_f32 v0, v1, v2, v3"),
  "BB1:",
  line("v_mov_b32_e32 v0, 0"),
  "BB2:",
  line("ds_read_b128 v[0:3], v4 offset:16"),
  line("ds_read2_b64 v[0:3], v4 offset1:1"),
  line("buffer_load_dwordx4 v[0:3], v4, s[0:3], 0 offen"),
  line("buffer_load_ushort v0, v4, s[0:3], 0 offen"),
  line("s_buffer_load_dwordx4 s[0:3], s[0:3], 0x0"),
  line("v_fmac_f32_e32 v0, v1, v2"),
  line("v_fma_mix_f32 v0, v1, v2, v3"),
  line("v_add_nc_u32_e32 v0, v1, v2"),
  line("s_cbranch_scc1 BB2"),
  "BB3:",
  line("s_branch BB1"),
  "BB4:",
  line("s_endpgm"),
].join("\n");

test("the loop inside, by bytes and instructions of an invocation", () => {
  expect(machineLoop(TEXT)).toEqual({ fmas: 2, others: 1, workgroupBytes: 32, globalBytes: 18 });
});

test("all of it, where there is no loop", () => {
  expect(machineLoop(TEXT.replaceAll("branch", "nop"))).toMatchObject({ fmas: 3, others: 2 });
});
