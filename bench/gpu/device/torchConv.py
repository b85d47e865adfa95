"""Times convolutions by cuDNN: problems as JSON on the standard input, the best milliseconds of each on the output."""

import json
import statistics
import sys

import torch
import torch.nn.functional as functional

if not torch.cuda.is_available():
    sys.exit("PyTorch finds no CUDA device")
torch.backends.cudnn.benchmark = True

WARM_UP = 5
RUNS = 50


def milliseconds(run):
    for _ in range(WARM_UP):
        run()
    times = []
    for _ in range(RUNS):
        begin, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        begin.record()
        run()
        end.record()
        torch.cuda.synchronize()
        times.append(begin.elapsed_time(end))
    return statistics.median(times)


def best(problem):
    """Of the ordinary convolution in both layouts, on a padded value, and of the transposed one where pads are even."""
    batch, height, width, inputs = problem["value"]
    rows, columns, outputs, _ = problem["filters"]
    rate = problem["rate"]
    (top, bottom), (left, right) = problem["pads"]
    padded = torch.randn(batch, inputs, height + top + bottom, width + left + right, device="cuda")
    filters = torch.randn(outputs, inputs, rows, columns, device="cuda")
    runs = [
        milliseconds(lambda x=padded.to(memory_format=layout), w=filters.to(memory_format=layout): functional.conv2d(x, w, dilation=rate))
        for layout in (torch.channels_last, torch.contiguous_format)
    ]
    reach = [(rows - 1) * rate, (columns - 1) * rate]
    if top == bottom and left == right:
        value = torch.randn(batch, inputs, height, width, device="cuda")
        swapped = torch.randn(inputs, outputs, rows, columns, device="cuda")
        crop = (reach[0] - top, reach[1] - left)
        runs.append(milliseconds(lambda: functional.conv_transpose2d(value, swapped, padding=crop, dilation=rate)))
    return min(runs)


def times(problem):
    result = {"shape": problem["shape"]}
    for name, allowed in (("fp32", False), ("tf32", True)):
        torch.backends.cudnn.allow_tf32 = allowed
        result[name] = best(problem)
    return result


rows = [times(problem) for problem in json.load(sys.stdin)]
print(json.dumps({"device": torch.cuda.get_device_name(), "version": torch.__version__, "rows": rows}))
