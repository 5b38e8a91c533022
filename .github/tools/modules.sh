#!/usr/bin/env bash
# Prints the folder of every module that is released, the root first, as an empty line. Examples, test data and the
# tools are modules that nobody imports.
set -euo pipefail
cd "$(git rev-parse --show-toplevel)"
echo
git ls-files '*/go.mod' | sed 's,/go\.mod$,,' | grep -Ev '^(examples|\.github)/|(^|/)testdata/' || true
