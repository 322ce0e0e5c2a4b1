"""Loads what `attune export` wrote into plain PyTorch modules and compares probabilities.

    python3 check_export.py FOLDER ANSWERS

FOLDER has model.safetensors and config.json. ANSWERS is JSON: "rows", lists of token ids, and
"probabilities", for each row and each head (in the order of config.json) those expected. Rows are
padded to the longest in one batch. Prints one line of JSON with the largest difference. Needs
torch and nothing else: the file is read here, 8 bytes with the length of a JSON header, the
header, the tensors.
"""
import json
import pathlib
import struct
import sys

import torch
import torch.nn as nn
import torch.nn.functional as F

ACTIVATIONS = {"gelu": F.gelu, "relu": F.relu}


def read_safetensors(file):
    data = bytearray(file.read_bytes())
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    header.pop("__metadata__", None)
    tensors = {}
    for name, stored in header.items():
        assert stored["dtype"] == "F32", (name, stored["dtype"])
        start, end = (8 + length + offset for offset in stored["data_offsets"])
        values = torch.frombuffer(data, dtype=torch.float32, count=(end - start) // 4, offset=start)
        tensors[name] = values.reshape(stored["shape"])
    return tensors


class Parameters:
    """Copies tensors into modules, and knows which it has not used."""

    def __init__(self, tensors):
        self.tensors = dict(tensors)

    def take(self, name):
        return self.tensors.pop(name)

    def into(self, module, name):
        with torch.no_grad():
            for part, parameter in module.named_parameters():
                parameter.copy_(self.take(f"{name}.{part}"))
        return module


class Block(nn.Module):
    """Post-norm, as BERT: norm(x + attention(x)), then norm(x + feed-forward(x))."""

    def __init__(self, config, parameters, name):
        super().__init__()
        width, inner = config["hidden_size"], config["intermediate_size"]
        epsilon = config["layer_norm_eps"]
        self.heads = config["num_attention_heads"]
        self.activation = ACTIVATIONS[config["hidden_act"]]

        def linear(ins, outs, part):
            return parameters.into(nn.Linear(ins, outs), f"{name}.{part}")

        def norm(part):
            return parameters.into(nn.LayerNorm(width, eps=epsilon), f"{name}.{part}")

        self.query = linear(width, width, "attention.self.query")
        self.key = linear(width, width, "attention.self.key")
        self.value = linear(width, width, "attention.self.value")
        self.out = linear(width, width, "attention.output.dense")
        self.norm = norm("attention.output.LayerNorm")
        self.widen = linear(width, inner, "intermediate.dense")
        self.narrow = linear(inner, width, "output.dense")
        self.second_norm = norm("output.LayerNorm")

    def forward(self, x, allowed):
        batch, time, width = x.shape

        def by_head(values):
            return values.view(batch, time, self.heads, width // self.heads).transpose(1, 2)

        mixed = F.scaled_dot_product_attention(
            by_head(self.query(x)), by_head(self.key(x)), by_head(self.value(x)), attn_mask=allowed
        )
        x = self.norm(x + self.out(mixed.transpose(1, 2).reshape(batch, time, width)))
        return self.second_norm(x + self.narrow(self.activation(self.widen(x))))


class Classifier(nn.Module):
    """Embeddings, blocks, pooling and a linear layer for each head."""

    def __init__(self, config, parameters):
        super().__init__()
        width, own = config["hidden_size"], config["attune"]

        def embedding(rows, name):
            name = f"bert.embeddings.{name}_embeddings"
            return parameters.into(nn.Embedding(rows, width), name)

        self.words = embedding(config["vocab_size"], "word")
        self.positions = embedding(config["max_position_embeddings"], "position")
        self.types = embedding(config["type_vocab_size"], "token_type")
        self.norm = parameters.into(
            nn.LayerNorm(width, eps=config["layer_norm_eps"]), "bert.embeddings.LayerNorm"
        )
        self.blocks = nn.ModuleList(
            Block(config, parameters, f"bert.encoder.layer.{block}")
            for block in range(config["num_hidden_layers"])
        )
        self.pooling = own["pooling"]
        if self.pooling == "attention":
            self.dense = parameters.into(nn.Linear(width, width), "attune.pooling.dense")
            self.asked = nn.Parameter(parameters.take("attune.pooling.query"))
        # As BertForSequenceClassification has it, if the model is one.
        self.pooler = None
        if config["architectures"] == ["BertForSequenceClassification"]:
            self.pooler = parameters.into(nn.Linear(width, width), "bert.pooler.dense")
        self.heads = nn.ModuleList(
            parameters.into(nn.Linear(width, len(head["classes"])), head["tensor"])
            for head in own["heads"]
        )

    def pooled(self, x, mask):
        if self.pooling == "first":
            return x[:, 0]
        if self.pooling == "mean":
            real = mask[:, :, None].to(x.dtype)
            return (x * real).sum(1) / real.sum(1)
        scores = torch.tanh(self.dense(x)) @ self.asked
        weights = torch.softmax(scores.masked_fill(~mask, -torch.inf), 1)
        return (x * weights[:, :, None]).sum(1)

    def forward(self, ids, mask):
        positions = torch.arange(ids.shape[1])
        x = self.words(ids) + self.positions(positions) + self.types(torch.zeros_like(ids))
        x = self.norm(x)
        for block in self.blocks:
            x = block(x, mask[:, None, None, :])
        vector = self.pooled(x, mask)
        if self.pooler is not None:
            vector = torch.tanh(self.pooler(vector))
        return [torch.softmax(head(vector), 1) for head in self.heads]


def main():
    folder, answers = pathlib.Path(sys.argv[1]), json.loads(pathlib.Path(sys.argv[2]).read_text())
    config = json.loads((folder / "config.json").read_text())
    parameters = Parameters(read_safetensors(folder / "model.safetensors"))
    classifier = Classifier(config, parameters)
    assert not parameters.tensors, f"tensors that nothing uses: {sorted(parameters.tensors)}"
    rows = answers["rows"]
    time = max(len(row) for row in rows)
    ids = torch.tensor([row + [0] * (time - len(row)) for row in rows])
    mask = torch.arange(time)[None, :] < torch.tensor([len(row) for row in rows])[:, None]
    with torch.inference_mode():
        found = classifier(ids, mask)
    difference = max(
        (probabilities - torch.tensor([row[head] for row in answers["probabilities"]]))
        .abs()
        .max()
        .item()
        for head, probabilities in enumerate(found)
    )
    print(json.dumps({"library": f"PyTorch {torch.__version__}", "difference": difference}))


main()
