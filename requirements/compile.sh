#!/bin/sh
# Rewrites the four lock files from pyproject.toml: hashes, no index lines.
set -eu
cd "$(dirname "$0")/.."
lock() { name=$1; shift; uv pip compile -q --no-header --generate-hashes --no-emit-index-url --no-emit-find-links \
  --universal --python-version 3.11 pyproject.toml "$@" -o "requirements/$name.txt"; }
lock base
lock embedded --extra embedded -c requirements/base.txt
lock connectors --extra embedded --extra connectors -c requirements/embedded.txt
lock dev --extra embedded --extra connectors --extra dev -c requirements/connectors.txt
