/** The names of a farm: its streams and subjects, and short names of classes, kernels and candidates. */
import type { PointName } from "../codegen/search/space.js";
import type { Features } from "../codegen/target.js";
import { VERSION } from "../ir/version.js";
import { idOf, type Machine } from "../tune/record.js";
import { pointKey, type TunedKernel, tunedKey } from "../tune/selection.js";

/** Jobs that wait for a worker: a message for each, which goes when it is acknowledged. */
export const WORK = "tilewright-work";
/** Reports that wait for a coordinator: what any worker has sent, unchecked. */
export const REPORTS = "tilewright-reports";
/** A key-value bucket of what was measured: the reports that a coordinator has checked. */
export const MEASURED = "tilewright-measured";

/** Workers say here, again and again, that they are there. Nobody stores it. */
export const HELLO = "tilewright.hello";

const JOBS = "tilewright.job";
const REPORT = "tilewright.report";

export const JOBS_SUBJECT = `${JOBS}.>`;
export const REPORTS_SUBJECT = `${REPORT}.*`;

/**
 * A class of devices: those whose measurements count for each other. It is coarse, so it tells nobody apart: an engine
 * with its version, a kind of processor, and what code is for.
 */
export interface DeviceClass {
  readonly machine: Machine;
  readonly target: Features;
}

const MOST = 24;
const short = (value: unknown): string => idOf(value).slice(0, MOST);

/** Compilers of different versions make different code, so their workers take no work from each other. */
export const classId = ({ machine, target }: DeviceClass): string => short([VERSION, machine, target]);

export const kernelId = (kernel: TunedKernel): string => short(tunedKey(kernel));

const pointId = (point: PointName): string => short(pointKey(point));

/** A candidate of a kernel on a class of devices. */
export interface ClassCandidate {
  readonly deviceClass: DeviceClass;
  readonly kernel: TunedKernel;
  readonly point: PointName;
}

export const candidateId = ({ deviceClass, kernel, point }: ClassCandidate): string =>
  `${classId(deviceClass)}.${kernelId(kernel)}.${pointId(point)}`;

/** The subject of a job. There is one message of a subject at most, so a job is asked for once. */
export const jobSubject = (candidate: ClassCandidate, attempt: number): string =>
  `${JOBS}.${candidateId(candidate)}.${attempt}`;

/** The subjects of all jobs of a class. */
export const jobsOf = (id: string): string => `${JOBS}.${id}.>`;

export const reportSubject = (deviceClass: DeviceClass): string => `${REPORT}.${classId(deviceClass)}`;
