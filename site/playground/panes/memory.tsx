/** Memory: where each buffer lies, to scale. */
import { byteText, whole } from "../../../src/report/format.js";
import type { PaneProps } from "./pane.js";
import { Scroll } from "./scroll.js";

interface Placed {
  readonly name: string;
  readonly role: string;
  readonly shape: readonly number[];
  readonly bytes: number;
  /** Undefined if the buffer is an array, or a buffer of a device, of its own. */
  readonly offset?: number;
}

export function MemoryPane({ compiled: { explanation, tensors } }: PaneProps) {
  const { memory, schedule } = explanation;
  if (memory.length > 0)
    return (
      <>
        {memory.toReversed().map(({ when, bytes, buffers }) => (
          <Block
            key={when}
            caption={`${when === "run" ? "On each call" : "Once for the weights"}: one block of ${byteText(bytes)}`}
            bytes={bytes}
            buffers={buffers}
          />
        ))}
        <p class="muted">Addresses count from the beginning of the block, which lies in a memory that kernels share.</p>
      </>
    );
  const all = tensors.reduce((sum, { bytes }) => sum + bytes, 0);
  const each = schedule.target.language === "js" ? "an array" : "a buffer of the device";
  return <Block caption={`${byteText(all)} in all; each tensor is ${each} of its own`} bytes={all} buffers={tensors} />;
}

function Block({
  caption,
  bytes,
  buffers,
}: {
  readonly caption: string;
  readonly bytes: number;
  readonly buffers: readonly Placed[];
}) {
  const hasPlaces = buffers.some(({ offset }) => offset !== undefined);
  return (
    <Scroll label={caption}>
      <table class="memory">
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">Buffer</th>
            <th scope="col">Role</th>
            <th scope="col">Shape</th>
            {hasPlaces && (
              <th scope="col" class="number">
                Address
              </th>
            )}
            <th scope="col" class="number">
              Bytes
            </th>
            <th scope="col">To scale</th>
          </tr>
        </thead>
        <tbody>
          {buffers.map((buffer) => (
            <tr key={buffer.name}>
              <th scope="row">{buffer.name}</th>
              <td>{buffer.role}</td>
              <td class="sizes">{buffer.shape.join("×")}</td>
              {hasPlaces && <td class="number">{whole(buffer.offset ?? 0)}</td>}
              <td class="number">{whole(buffer.bytes)}</td>
              <td class="strip">
                <span
                  class={`fill role-${buffer.role}`}
                  style={{
                    left: `${(100 * (buffer.offset ?? 0)) / Math.max(1, bytes)}%`,
                    width: `${Math.max(0.5, (100 * buffer.bytes) / Math.max(1, bytes))}%`,
                  }}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
