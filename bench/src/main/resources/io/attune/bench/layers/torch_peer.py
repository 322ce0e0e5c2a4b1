"""Runs the model of LayersBench in eager PyTorch, line by line.

Prints its name, reads one line of JSON (the case), answers "ready"; then reads a number of
steps and answers with their seconds and processor seconds, until its input ends.
"""
import json
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F


class Block(nn.Module):
    """Pre-norm: x + attention(norm(x)), then x + feed-forward(norm(x)) for a transformer."""

    def __init__(self, case):
        super().__init__()
        width = case["width"]
        self.heads = case["heads"]
        self.transformer = case["transformer"]
        self.norm = nn.LayerNorm(width)
        self.project = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        if self.transformer:
            self.second_norm = nn.LayerNorm(width)
            self.widen = nn.Linear(width, 4 * width)
            self.narrow = nn.Linear(4 * width, width)

    def forward(self, x, allowed):
        batch, time_, width = x.shape
        q, k, v = (
            self.project(self.norm(x))
            .view(batch, time_, 3, self.heads, width // self.heads)
            .permute(2, 0, 3, 1, 4)
        )
        mixed = F.scaled_dot_product_attention(q, k, v, attn_mask=allowed)
        x = x + self.out(mixed.transpose(1, 2).reshape(batch, time_, width))
        if self.transformer:
            x = x + self.narrow(F.gelu(self.widen(self.second_norm(x))))
        return x


class Network(nn.Module):
    """Embedding, learned positions, blocks, attention pooling, one softmax head."""

    def __init__(self, case):
        super().__init__()
        width = case["width"]
        self.embedding = nn.Embedding(case["vocabulary"], width)
        self.positions = nn.Parameter(torch.randn(case["tokens"], width) * 0.1)
        self.blocks = nn.ModuleList([Block(case) for _ in range(case["layers"])])
        self.norm = nn.LayerNorm(width)
        self.pooling = nn.Linear(width, width)
        self.query = nn.Parameter(torch.randn(width) * 0.1)
        self.out = nn.Linear(width, case["classes"])

    def forward(self, tokens, mask):
        x = self.embedding(tokens) + self.positions[: tokens.shape[1]]
        allowed = torch.zeros(mask.shape[0], 1, 1, mask.shape[1])
        allowed = allowed.masked_fill(~mask[:, None, None, :], float("-inf"))
        for block in self.blocks:
            x = block(x, allowed)
        x = self.norm(x)
        scores = (torch.tanh(self.pooling(x)) @ self.query).masked_fill(~mask, float("-inf"))
        weights = torch.softmax(scores, 1)
        return self.out((weights.unsqueeze(1) @ x).squeeze(1))


def batches(case):
    generator = torch.Generator().manual_seed(1)
    for lengths in case["lengths"]:
        time_ = max(lengths) if case["cut"] else case["tokens"]
        tokens = torch.zeros(len(lengths), time_, dtype=torch.long)
        mask = torch.zeros(len(lengths), time_, dtype=torch.bool)
        for row, length in enumerate(lengths):
            tokens[row, :length] = torch.randint(
                0, case["vocabulary"], (length,), generator=generator
            )
            mask[row, :length] = True
        labels = torch.randint(0, case["classes"], (len(lengths),), generator=generator)
        yield tokens, mask, labels


def main():
    print(f"pytorch {torch.__version__}", flush=True)
    case = json.loads(sys.stdin.readline())
    torch.set_num_threads(case["threads"])
    torch.manual_seed(1)
    network = Network(case)
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-3, fused=True)
    data = list(batches(case))
    print("ready", flush=True)
    step = 0
    for line in sys.stdin:
        start, processor = time.perf_counter(), time.process_time()
        for _ in range(int(line)):
            tokens, mask, labels = data[step % len(data)]
            step += 1
            if case["trains"]:
                optimizer.zero_grad()
                F.cross_entropy(network(tokens, mask), labels).backward()
                optimizer.step()
            else:
                with torch.inference_mode():
                    torch.softmax(network(tokens, mask), 1)
        print(time.perf_counter() - start, time.process_time() - processor, flush=True)


main()
