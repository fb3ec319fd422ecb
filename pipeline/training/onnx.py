"""Put a trained encoder into the form that runs: an ONNX graph with 8-bit weights."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import torch
from torch import nn

from pipeline.nlp.reader import HEADS


class _OneStatement(nn.Module):  # type: ignore[misc]  # torch is not there when types are checked
    """The encoder for one statement, without padding."""

    def __init__(self, encoder: Any) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, ids: Any, name: Any) -> tuple[Any, ...]:
        states = self.encoder.body(
            input_ids=ids, attention_mask=torch.ones_like(ids)
        ).last_hidden_state
        mean = (name[:, None, :] @ states).squeeze(1) / name.sum(1, keepdim=True)
        both = torch.cat([mean, states[:, 0]], 1)
        scores = [self.encoder.heads[head](both) for head in HEADS]
        return (*scores, self.encoder.words(states).squeeze(-1))


def load(encoder: Any, kept: Path) -> None:
    """Set the weights of an encoder to those of a graph that `save` wrote, in their 8 bits."""
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(kept).graph
    arrays = {one.name: numpy_helper.to_array(one) for one in graph.initializer}

    def whole(name: str) -> Any:
        apart = arrays[f"{name}_quantized"].astype("float32") - arrays[f"{name}_zero_point"]
        return torch.from_numpy(apart * arrays[f"{name}_scale"])

    found = {
        name.removeprefix("encoder."): torch.from_numpy(array.copy())
        for name, array in arrays.items()
        if name.startswith("encoder.") and name.endswith((".weight", ".bias"))
    }
    for name in arrays:
        if name.startswith("encoder.body.embeddings.") and name.endswith("_quantized"):
            plain = name.removesuffix("_quantized")
            found[plain.removeprefix("encoder.")] = whole(plain)
    for node in graph.node:
        if node.op_type == "MatMulInteger":  # "/body/encoder/layer.0/.../query/MatMul_quant"
            path = node.name.split("/")[1:-1]
            owner = ["heads", *path] if path[0] in HEADS else path
            weight = whole(node.input[1].removesuffix("_quantized"))
            found[".".join([*owner, "weight"])] = weight.T.contiguous()
    missing, unknown = encoder.load_state_dict(found, strict=False)
    missing = [name for name in missing if ".pooler." not in name and "_ids" not in name]  # unused
    if unknown or missing:
        raise ValueError(f"these weights are not of this encoder: {[*missing, *unknown][:3]}")


def save(encoder: Any, out: Path) -> None:
    """Write `out`, the graph with 8-bit weights.

    Weights have 7 bits, so that processors that add pairs of products in 16 bits give the same.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic

    encoder.eval()
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.onnx"
        ids = torch.tensor([[101, 1001, 2023, 4319, 1002, 2758, 102]])
        name = torch.tensor([[0.0, 1, 1, 1, 1, 0, 0]])
        torch.onnx.export(
            _OneStatement(encoder),
            (ids, name),
            str(whole),
            input_names=["ids", "name"],
            output_names=[*HEADS, "words"],
            dynamic_axes={"ids": {1: "pieces"}, "name": {1: "pieces"}, "words": {1: "pieces"}},
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(
            whole,
            out,
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=True,
            op_types_to_quantize=["MatMul", "Gather"],
        )
