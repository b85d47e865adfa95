/** What the judge reads from SPIR-V: sizes, and what one round of the hot loop does. */
import { expect, test } from "vitest";
import { hotLoop } from "../../bench/gpu/judge/hotLoop.js";
import { parseSpirv, workgroupBytes } from "../../bench/gpu/judge/spirv.js";

/** A loop within a loop; the inner one calls a function. */
const TEXT = `
; SPIR-V
               OpEntryPoint GLCompute %main "kernel" %1 %2 %3
               OpExecutionMode %main LocalSize 8 4 1
               OpDecorate %1 DescriptorSet 0
               OpDecorate %1 Binding 0
               OpDecorate %3 DescriptorSet 0
               OpDecorate %3 Binding 1
        %ext = OpExtInstImport "GLSL.std.450"
      %float = OpTypeFloat 32
       %uint = OpTypeInt 32 0
       %bool = OpTypeBool
    %v4float = OpTypeVector %float 4
     %uint_6 = OpConstant %uint 6
%_arr_v4float = OpTypeArray %v4float %uint_6
    %_struct = OpTypeStruct %_arr_v4float
     %_ptr_S = OpTypePointer StorageBuffer %_struct
     %_ptr_W = OpTypePointer Workgroup %_arr_v4float
     %_ptr_U = OpTypePointer Uniform %_struct
          %1 = OpVariable %_ptr_S StorageBuffer
          %2 = OpVariable %_ptr_W Workgroup
          %3 = OpVariable %_ptr_U Uniform
     %double = OpFunction %v4float None %fn
        %100 = OpLabel
        %101 = OpFAdd %v4float %x %x
               OpReturnValue %101
               OpFunctionEnd
       %main = OpFunction %void None %fn2
         %10 = OpLabel
         %11 = OpExtInst %v4float %ext Fma %a %b %c
               OpBranch %20
         %20 = OpLabel
               OpLoopMerge %50 %40 None
               OpBranch %30
         %30 = OpLabel
         %31 = OpExtInst %v4float %ext Fma %a %b %c
         %32 = OpExtInst %v4float %ext Fma %a %b %31
               OpLoopMerge %35 %34 None
               OpBranch %33
         %33 = OpLabel
         %60 = OpExtInst %uint %ext UMin %i %uint_6
         %61 = OpAccessChain %_ptr_Wv %2 %60
         %62 = OpLoad %v4float %61
         %63 = OpAccessChain %_ptr_Sv %1 %uint_0 %60
         %64 = OpLoad %v4float %63 None
         %65 = OpExtInst %v4float %ext Fma %62 %64 %sum
         %66 = OpFunctionCall %v4float %double %65
               OpControlBarrier %w %w %s
         %67 = OpULessThan %bool %i %uint_6
               OpBranch %34
         %34 = OpLabel
         %68 = OpIAdd %uint %i %uint_1
               OpBranch %30
         %35 = OpLabel
               OpBranch %40
         %40 = OpLabel
               OpBranch %20
         %50 = OpLabel
         %51 = OpFAdd %v4float %a %b
               OpReturn
               OpFunctionEnd
`;

const module = parseSpirv(TEXT);

test("the launch and the bindings", () => {
  expect(module).toMatchObject({ entry: "kernel", main: "%main", invocations: 32 });
  expect(module.bindings).toEqual([
    { set: 0, binding: 0, isUniform: false },
    { set: 0, binding: 1, isUniform: true },
  ]);
  expect(workgroupBytes(module)).toBe(6 * 16);
});

test("the innermost loop, with what it calls, from its header to the block after it", () => {
  expect(hotLoop(module)).toEqual({
    fmas: 3 * 4,
    others: 1 + 4 + 1 + 1, // UMin, OpFAdd of the function, OpULessThan, OpIAdd
    clamps: 1,
    workgroupBytes: 16,
    globalBytes: 16,
    barriers: 1,
  });
});

test("no loop, no figures", () => {
  expect(hotLoop(parseSpirv(TEXT.replace(/^.*OpLoopMerge.*$/gm, "")))).toBeUndefined();
});
