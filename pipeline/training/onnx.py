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
