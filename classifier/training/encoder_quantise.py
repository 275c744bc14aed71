"""The encoder in whole numbers of one byte, with scales that are fixed beforehand.

Scales taken from each text as it comes are what `quantize_dynamic` makes. But then texts that run
together share a scale and change each other's numbers, and one at a time they take half as long
again. So the range of what each matrix is given is measured here, on texts that were taught. A few
of the 384 numbers are far larger than the rest and would leave these with few steps; they are made
smaller before the matrix and its weights larger, which changes no result (`_evened`).
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor

from classifier.training.encoder_model import Network, Times

MATRICES = ("q", "o", "up", "down")
"""Whose input is measured, in the order in which a layer uses them; k and v share that of q."""

HALF = 0.5
"""How much of an uneven input goes over to the weights: its square root."""

RARE = 0.9999
"""The part of the values of one number that its size is taken from."""

CLIPS = np.linspace(0.3, 1.0, 15)
"""The parts of the widest range that are tried: a narrower one has finer steps."""

DYNAMIC = "DynamicQuantizeLinear"
PRODUCT = "MatMulIntegerToFloat"
"""What onnxruntime makes of the four steps by itself where scales are taken from each text."""

Inputs = dict[tuple[int, str], Tensor]


def quantise(
    network: Network, texts: Iterable[tuple[Tensor, Tensor]], out: Path, work: Path
) -> None:
    """Write `out`, an ONNX file. The network is changed. texts: token numbers and their mask, each
    (texts, tokens), batch by batch; work: a folder for the file before."""
    network.eval()
    with torch.no_grad():
        inputs = _inputs(network, texts)
        _even(network, inputs)
        whole = work / "encoder-float.onnx"
        ids = torch.randint(1000, 20000, (2, 9))
        torch.onnx.export(
            network,
            (ids, torch.ones_like(ids)),
            str(whole),
            input_names=["ids", "mask"],
            output_names=["tokens"],
            dynamic_axes={name: {0: "texts", 1: "tokens"} for name in ("ids", "mask", "tokens")},
            dynamo=False,
        )
        # Half the range for the weights: with all of it, sums overflow on processors without
        # products of bytes, and the same text has other numbers there than elsewhere.
        quantize_dynamic(
            str(whole), str(out), weight_type=QuantType.QInt8, per_channel=True, reduce_range=True
        )
        _fix(out, [_range(inputs[place]) for place in _places(network)])


def _places(network: Network) -> Iterator[tuple[int, str]]:
    return ((layer, name) for layer in range(len(network.layers)) for name in MATRICES)


def _inputs(network: Network, texts: Iterable[tuple[Tensor, Tensor]]) -> Inputs:
    """What each matrix is given for every token: (tokens of all texts, numbers)."""
    seen: dict[tuple[int, str], list[Tensor]] = {place: [] for place in _places(network)}
    here = torch.zeros(0)
    hooks = []
    for (layer, name), kept in seen.items():

        def keep(_part: object, given: tuple[Tensor, ...], kept: list[Tensor] = kept) -> None:
            kept.append(given[0][here])

        part = getattr(network.layers[layer], name)
        hooks.append(part.register_forward_pre_hook(keep))
    for ids, mask in texts:
        here = mask.bool()
        network(ids, mask)
    for hook in hooks:
        hook.remove()
    return {place: torch.cat(kept) for place, kept in seen.items()}


def _even(network: Network, inputs: Inputs) -> None:
    """Move what is uneven in the inputs of all matrices but "down" into the weights. There it lies
    in so few tokens that the weights would suffer more (measured)."""
    for number, layer in enumerate(network.layers):
        for name, parts in (("q", (layer.q, layer.k, layer.v)), ("up", (layer.up,))):
            by = _evened(inputs[number, name], [part.weight for part in parts])
            for part in parts:
                part.weight.mul_(by)
            inputs[number, name] /= by
            setattr(layer, f"before_{name}", Times(1 / by))
        by = _evened(inputs[number, "o"], [layer.o.weight])
        layer.o.weight.mul_(by)
        inputs[number, "o"] /= by
        layer.v.weight.div_(by[:, None])  # what "o" is given is a mean of what "v" gives
        layer.v.bias.div_(by)


def _evened(given: Tensor, weights: list[Tensor]) -> Tensor:
    """(numbers,): what the weights are multiplied by and the input divided by."""
    rare = round((len(given) - 1) * RARE)
    sizes = given.abs().sort(dim=0).values[rare].clamp(min=1e-4)
    largest = torch.stack([weight.abs().amax(dim=0) for weight in weights]).amax(dim=0)
    by = sizes**HALF / largest.clamp(min=1e-4) ** (1 - HALF)
    return by / by.median()


def _range(given: Tensor) -> tuple[float, int]:
    """The scale and the place of zero with which 256 steps lie closest to the values."""
    low, high = min(float(given.min()), 0.0), float(given.max())
    drawn = torch.Generator().manual_seed(0)
    values = given.flatten()
    values = values[torch.randint(len(values), (400_000,), generator=drawn)]
    best = (float("inf"), 1.0, 0)
    for clip in CLIPS:
        bottom = low * clip if low < -1 else low
        scale = (high * clip - bottom) / 255
        zero = round(-bottom / scale)
        steps = (values / scale).round().add(zero).clamp(0, 255)
        best = min(best, (float(((steps - zero) * scale - values).square().mean()), scale, zero))
    return best[1], best[2]


def _fix(file: Path, ranges: list[tuple[float, int]]) -> None:
    """Put fixed scales in the place of those that are taken from each text, and one step in the
    place of the four (product, number, scale, bias) that a product consists of."""
    model = onnx.load(file)
    graph = model.graph
    if sum(node.op_type == DYNAMIC for node in graph.node) != len(ranges):
        raise ValueError(f"{file.name} has not as many matrices as were measured.")
    left = iter(ranges)
    uses = {name: node for node in graph.node for name in node.input}
    makes = {name: node for node in graph.node for name in node.output}
    constant = {given.name for given in graph.initializer}
    gone: set[str] = set()
    nodes = []
    for node in graph.node:
        if node.op_type == DYNAMIC:
            (scale, zero), (step, scaled, placed) = next(left), node.output
            graph.initializer.extend(
                [
                    numpy_helper.from_array(np.array(scale, dtype=np.float32), scaled),
                    numpy_helper.from_array(np.array(zero, dtype=np.uint8), placed),
                ]
            )
            given = [node.input[0], scaled, placed]
            nodes.append(helper.make_node("QuantizeLinear", given, [step], name=node.name))
        elif node.op_type == "MatMulInteger":
            cast = uses[node.output[0]]
            times = uses[cast.output[0]]
            scales = next(makes[name] for name in times.input if makes[name].name != cast.name)
            add = uses[times.output[0]]
            bias = [name for name in add.input if name in constant]
            gone.update(part.name for part in (cast, times, scales, *([add] if bias else [])))
            quantised, weights, placed, zeros = node.input
            given = [quantised, weights, *scales.input, placed, zeros, *bias]
            out = [add.output[0] if bias else times.output[0]]
            nodes.append(
                helper.make_node(PRODUCT, given, out, name=node.name, domain="com.microsoft")
            )
        else:
            nodes.append(node)
    del graph.node[:]
    graph.node.extend(node for node in nodes if node.name not in gone)
    model.opset_import.append(helper.make_opsetid("com.microsoft", 1))
    onnx.save(model, str(file))
