#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A throw-away certificate for a laptop, a test or the quickstart: P-256,
# self-signed, one day, for localhost and 127.0.0.1.
#
#   deploy/dev-cert.sh DIR     writes DIR/tls.crt and DIR/tls.key
#
# Clients trust DIR/tls.crt itself. Says nothing unless it fails.
set -euo pipefail

[ $# -eq 1 ] || { echo "usage: deploy/dev-cert.sh DIR" >&2; exit 2; }
mkdir -p "$1"

umask 077
output=$(openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -sha256 -nodes -days 1 \
	-subj /CN=localhost -addext "subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1" \
	-keyout "$1/tls.key" -out "$1/tls.crt" 2>&1) || {
	printf 'dev-cert.sh: %s\n' "$output" >&2
	exit 1
}
