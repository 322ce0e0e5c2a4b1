#!/bin/sh
# Says that this host has a GPU, which it has not: what asks for one can be tried.
echo '{"name": "gpu", "addresses": ["0"]}'
