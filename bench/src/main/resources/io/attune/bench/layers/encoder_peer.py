"""Runs the encoder of EncodersBench in PyTorch, line by line.

Prints its name, reads one line of JSON (the case), answers "ready"; then reads a number of
steps and answers with their seconds and processor seconds, until its input ends.
"""
import contextlib
import json
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

EPSILON = 1e-12
WAYS = {
    "mkl": "float32 by MKL",
    "onednn": "float32, linear layers by oneDNN",
    "autocast": "bfloat16 autocast",
}


class OneDnnLinear(nn.Linear):
    """A linear layer by oneDNN, where PyTorch takes MKL; for inference."""

    converted = None

    def forward(self, x):
        self.converted = self.converted or (self.weight.to_mkldnn(), self.bias.to_mkldnn())
        weight, bias = self.converted
        return torch._C._nn.mkldnn_linear(x.to_mkldnn(), weight, bias).to_dense()


class Block(nn.Module):
    """Post-norm, as BERT: norm(x + attention(x)), then norm(x + feed-forward(x))."""

    def __init__(self, case):
        super().__init__()
        linear = OneDnnLinear if case["way"] == "onednn" else nn.Linear
        width = case["width"]
        self.heads = case["heads"]
        self.project = linear(width, 3 * width)
        self.out = linear(width, width)
        self.norm = nn.LayerNorm(width, eps=EPSILON)
        self.widen = linear(width, case["feedForward"])
        self.narrow = linear(case["feedForward"], width)
        self.second_norm = nn.LayerNorm(width, eps=EPSILON)

    def forward(self, x, allowed):
        batch, time_, width = x.shape
        q, k, v = (
            self.project(x)
            .view(batch, time_, 3, self.heads, width // self.heads)
            .permute(2, 0, 3, 1, 4)
        )
        mixed = F.scaled_dot_product_attention(q, k, v, attn_mask=allowed)
        x = self.norm(x + self.out(mixed.transpose(1, 2).reshape(batch, time_, width)))
        return self.second_norm(x + self.narrow(F.gelu(self.widen(x))))


class Network(nn.Module):
    """Embedding unless vectors are given, blocks, mean pooling, one softmax head."""

    def __init__(self, case):
        super().__init__()
        width = case["width"]
        self.embeds = not case["trains"]
        if self.embeds:
            self.embedding = nn.Embedding(case["vocabulary"], width)
            self.positions = nn.Parameter(torch.randn(case["positions"], width) * 0.1)
            self.norm = nn.LayerNorm(width, eps=EPSILON)
        self.blocks = nn.ModuleList([Block(case) for _ in range(case["blocks"])])
        self.out = nn.Linear(width, case["classes"])

    def forward(self, x, mask):
        if self.embeds:
            x = self.norm(self.embedding(x) + self.positions[: x.shape[1]])
        allowed = mask[:, None, None, :]
        for block in self.blocks:
            x = block(x, allowed)
        real = mask[:, :, None].to(x.dtype)
        return self.out((x * real).sum(1) / real.sum(1))


def batches(case):
    generator = torch.Generator().manual_seed(1)
    for lengths in case["lengths"]:
        rows, time_ = len(lengths), case["tokens"]
        mask = torch.arange(time_)[None, :] < torch.tensor(lengths)[:, None]
        if case["trains"]:
            x = torch.randn(rows, time_, case["width"], generator=generator)
        else:
            x = torch.randint(0, case["vocabulary"], (rows, time_), generator=generator) * mask
        yield x, mask, torch.randint(0, case["classes"], (rows,), generator=generator)


def main():
    print(f"pytorch {torch.__version__}, {WAYS[sys.argv[1]]}", flush=True)
    case = json.loads(sys.stdin.readline())
    torch.set_num_threads(1)
    torch.manual_seed(1)
    network = Network(case)
    optimizer = torch.optim.AdamW(
        network.parameters(), lr=case["rate"], weight_decay=case["decay"], fused=True
    )
    data = list(batches(case))
    precision = (
        (lambda: torch.autocast("cpu", dtype=torch.bfloat16))
        if case["way"] == "autocast"
        else contextlib.nullcontext
    )
    print("ready", flush=True)
    step = 0
    for line in sys.stdin:
        start, processor = time.perf_counter(), time.process_time()
        for _ in range(int(line)):
            x, mask, labels = data[step % len(data)]
            step += 1
            if case["trains"]:
                optimizer.zero_grad()
                with precision():
                    scores = network(x, mask)
                F.cross_entropy(scores.float(), labels).backward()
                optimizer.step()
            else:
                with torch.inference_mode(), precision():
                    torch.softmax(network(x, mask).float(), 1)
        print(time.perf_counter() - start, time.process_time() - processor, flush=True)


main()
