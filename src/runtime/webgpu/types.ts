/**
 * The types of WebGPU that kernels take, give and use. Each is the interface of the program that imports this package,
 * where it has one (lib.dom of TypeScript 6, @webgpu/types, a runtime's own types), and otherwise the part of it that
 * stands here. So declarations of this package name no global type, which a program may lack or have twice.
 */
import type { Global } from "../global.js";

export type WebgpuDevice = Global<"GPUDevice", DevicePart>;
export type WebgpuBuffer = Global<"GPUBuffer", BufferPart>;
export type WebgpuCommandEncoder = Global<"GPUCommandEncoder", CommandEncoderPart>;
export type WebgpuComputePass = Global<"GPUComputePassEncoder", ComputePassPart>;
export type WebgpuAdapter = Global<"GPUAdapter", AdapterPart>;
export type WebgpuComputePipeline = Global<"GPUComputePipeline", object>;
export type WebgpuBindGroup = Global<"GPUBindGroup", object>;
export type WebgpuBindGroupLayout = Global<"GPUBindGroupLayout", object>;
type PipelineLayout = Global<"GPUPipelineLayout", object>;
type CommandBuffer = Global<"GPUCommandBuffer", object>;
type QuerySet = Global<"GPUQuerySet", { destroy(): void }>;
type ShaderModule = Global<"GPUShaderModule", ShaderModulePart>;

export type WebgpuFeatureName = "shader-f16" | "timestamp-query";
export type WebgpuErrorFilter = "validation" | "out-of-memory" | "internal";

export interface WebgpuLoss {
  readonly reason: string;
  readonly message: string;
}

export interface WebgpuAdapterInfo {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
  readonly isFallbackAdapter: boolean;
}

export interface WebgpuLayoutEntry {
  readonly binding: number;
  readonly visibility: number;
  readonly buffer: {
    readonly type: "uniform" | "storage" | "read-only-storage";
    readonly hasDynamicOffset?: boolean;
    readonly minBindingSize?: number;
  };
}

interface LimitsPart {
  readonly maxBufferSize: number;
  readonly maxComputeInvocationsPerWorkgroup: number;
  readonly maxComputeWorkgroupSizeX: number;
  readonly maxComputeWorkgroupSizeY: number;
  readonly maxComputeWorkgroupSizeZ: number;
  readonly maxComputeWorkgroupStorageSize: number;
  readonly maxComputeWorkgroupsPerDimension: number;
  readonly maxStorageBufferBindingSize: number;
  readonly maxStorageBuffersPerShaderStage: number;
}

interface FeaturesPart {
  has(name: string): boolean;
}

interface Labelled {
  readonly label?: string;
}

type PipelineDescription = Labelled & {
  readonly layout: PipelineLayout;
  readonly compute: { readonly module: ShaderModule; readonly entryPoint: string };
};

export interface AdapterPart {
  readonly features: FeaturesPart;
  readonly limits: LimitsPart;
  readonly info: WebgpuAdapterInfo;
  requestDevice(
    wanted?: Labelled & {
      readonly requiredFeatures?: WebgpuFeatureName[];
      readonly requiredLimits?: Record<string, number | undefined>;
    },
  ): Promise<WebgpuDevice>;
}

export interface DevicePart {
  readonly features: FeaturesPart;
  readonly limits: LimitsPart;
  readonly adapterInfo: WebgpuAdapterInfo;
  readonly lost: Promise<WebgpuLoss>;
  readonly queue: {
    submit(commands: CommandBuffer[]): void;
    onSubmittedWorkDone(): Promise<void>;
    writeBuffer(
      to: WebgpuBuffer,
      offset: number,
      data: ArrayBufferLike | ArrayBufferView,
      dataOffset?: number,
      size?: number,
    ): void;
  };
  createBuffer(of: Labelled & { readonly size: number; readonly usage: number }): WebgpuBuffer;
  createBindGroupLayout(of: Labelled & { readonly entries: WebgpuLayoutEntry[] }): WebgpuBindGroupLayout;
  createPipelineLayout(of: { readonly bindGroupLayouts: WebgpuBindGroupLayout[] }): PipelineLayout;
  createBindGroup(of: {
    readonly layout: WebgpuBindGroupLayout;
    readonly entries: {
      readonly binding: number;
      readonly resource: { readonly buffer: WebgpuBuffer; readonly size?: number };
    }[];
  }): WebgpuBindGroup;
  createShaderModule(of: Labelled & { readonly code: string }): ShaderModule;
  createComputePipeline(of: PipelineDescription): WebgpuComputePipeline;
  createComputePipelineAsync(of: PipelineDescription): Promise<WebgpuComputePipeline>;
  createQuerySet(of: { readonly type: "timestamp"; readonly count: number }): QuerySet;
  createCommandEncoder(): WebgpuCommandEncoder;
  pushErrorScope(filter: WebgpuErrorFilter): void;
  popErrorScope(): Promise<{ readonly message: string } | null>;
  destroy(): void;
}

export interface BufferPart {
  readonly size: number;
  readonly usage: number;
  mapAsync(mode: number): Promise<void>;
  getMappedRange(): ArrayBuffer;
  unmap(): void;
  destroy(): void;
}

export interface CommandEncoderPart {
  beginComputePass(of?: {
    readonly timestampWrites?: {
      readonly querySet: QuerySet;
      readonly beginningOfPassWriteIndex: number;
      readonly endOfPassWriteIndex: number;
    };
  }): WebgpuComputePass;
  copyBufferToBuffer(from: WebgpuBuffer, fromOffset: number, to: WebgpuBuffer, toOffset: number, size: number): void;
  resolveQuerySet(set: QuerySet, first: number, count: number, to: WebgpuBuffer, offset: number): void;
  finish(): CommandBuffer;
}

export interface ComputePassPart {
  setPipeline(pipeline: WebgpuComputePipeline): void;
  setBindGroup(index: number, group: WebgpuBindGroup): void;
  setBindGroup(index: number, group: WebgpuBindGroup, offsets: Uint32Array, start: number, length: number): void;
  dispatchWorkgroups(x: number, y?: number, z?: number): void;
  end(): void;
}

interface ShaderModulePart {
  getCompilationInfo(): Promise<{
    readonly messages: readonly {
      readonly type: string;
      readonly message: string;
      readonly lineNum: number;
      readonly linePos: number;
    }[];
  }>;
}
