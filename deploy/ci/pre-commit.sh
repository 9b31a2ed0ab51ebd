#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What the hooks of .pre-commit-hooks.yaml run: `fipsgate` with the arguments it
# is given, found or built by program.sh.
set -euo pipefail
program=$("$(dirname "$(readlink -f "$0")")/program.sh")
exec "$program" "$@"
