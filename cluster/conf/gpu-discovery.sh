#!/usr/bin/env bash
# Says which GPUs this host has, in the words that Spark expects of a discovery script:
#   {"name": "gpu", "addresses": ["0", "1"]}
# Name it in spark.executor.resource.gpu.discoveryScript, or spark.worker.resource.gpu.discoveryScript
# on stand-alone workers. Fails where nvidia-smi does: Spark then says so, and starts nothing.
set -euo pipefail
indices=$(nvidia-smi --query-gpu=index --format=csv,noheader)
addresses=$(printf '%s\n' "$indices" | tr -d ' \r' | sed '/^$/d; s/.*/"&"/' | paste -sd, -)
printf '{"name": "gpu", "addresses": [%s]}\n' "$addresses"
