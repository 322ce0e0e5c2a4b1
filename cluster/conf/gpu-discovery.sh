#!/usr/bin/env bash
# Prints the GPUs of this host in the format of a discovery script of Spark:
#   {"name": "gpu", "addresses": ["0", "1"]}
# Name it in spark.executor.resource.gpu.discoveryScript, or spark.worker.resource.gpu.discoveryScript
# on stand-alone workers. Fails if nvidia-smi does: Spark then reports it, and starts nothing.
set -euo pipefail
indices=$(nvidia-smi --query-gpu=index --format=csv,noheader)
addresses=$(printf '%s\n' "$indices" | tr -d ' \r' | sed '/^$/d; s/.*/"&"/' | paste -sd, -)
printf '{"name": "gpu", "addresses": [%s]}\n' "$addresses"
