/** What the page with TensorFlow.js reports, as data that both sides of the wire know. */
export interface TfjsPageReport {
  /** The largest distance of a result from that of TensorFlow.js' backend in JavaScript, as a share of the largest element. */
  readonly distances: { readonly theirs: number; readonly compiling: number; readonly ours: number };
  /** Calls of a prediction that ran on our kernels: while they were compiled, and after warmUp. */
  readonly calls: { readonly compiling: number; readonly ours: number };
  /** Submissions of a prediction and its read-back. */
  readonly submissions: { readonly theirs: number; readonly ours: number };
  /** True if `tf.memory()` was the same after many predictions. */
  readonly isMemorySame: boolean;
  /** What the device has refused. */
  readonly refusals: readonly string[];
  readonly notes: readonly string[];
  /** Whatever was thrown; nothing should be. */
  readonly error: string | null;
}
