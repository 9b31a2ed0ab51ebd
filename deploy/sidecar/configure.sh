#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Writes the OpenSSL configuration of the proxy: what deploy/fips-config.sh
# writes, and beyond it what holds for every TLS context of the process, so for
# haproxy's servers too, whose groups haproxy 2.6 has no word for.
#
#   deploy/sidecar/configure.sh DIR     writes DIR/fipsmodule.cnf and DIR/openssl.cnf
#
# TLS 1.2 without extended master secret is refused by the module itself
# (SP 800-52r2; haproxy cannot look).
set -euo pipefail

[ $# -eq 1 ] || { echo "usage: deploy/sidecar/configure.sh DIR" >&2; exit 2; }
"$(dirname "$(readlink -f "$0")")/../fips-config.sh" "$1"
cat >>"$1/openssl.cnf" <<'CONF'

[openssl_init]
ssl_conf = ssl_sect

[fips_sect]
tls1-prf-ems-check = 1

[ssl_sect]
system_default = tls_sect

[tls_sect]
MinProtocol = TLSv1.2
Groups = P-256:P-384
CipherString = ECDHE+AESGCM:@SECLEVEL=2
Ciphersuites = TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256
CONF
