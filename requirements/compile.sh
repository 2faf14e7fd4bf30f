#!/bin/sh
# Rewrites the three lock files from pyproject.toml: hashes, no index lines.
set -eu
cd "$(dirname "$0")/.."
lock() { name=$1; shift; uv pip compile -q --no-header --generate-hashes --no-emit-index-url --no-emit-find-links \
  --universal --python-version 3.11 pyproject.toml "$@" -o "requirements/$name.txt"; }
lock base
lock embedded --extra embedded -c requirements/base.txt
lock dev --extra embedded --extra dev -c requirements/embedded.txt
