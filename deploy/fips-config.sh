#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Writes the OpenSSL configuration that `fipsgate serve --openssl-conf` wants:
# the providers fips and base, and no other.
#
#   deploy/fips-config.sh DIR     writes DIR/fipsmodule.cnf and DIR/openssl.cnf
#
# Runs the module's self test while installing it (openssl fipsinstall), so the
# result belongs to this machine and this module. FIPS_MODULE names another
# module (a file called fips.so) than that of the package openssl-provider-fips.
# Says nothing unless it fails.
set -euo pipefail

[ $# -eq 1 ] || { echo "usage: deploy/fips-config.sh DIR" >&2; exit 2; }
mkdir -p "$1"
dir=$(cd "$1" && pwd)

modules=$(openssl version -m | sed -n 's/^MODULESDIR: "\(.*\)"$/\1/p')
module=${FIPS_MODULE:-$modules/fips.so}
if [ ! -f "$module" ]; then
	echo "fips-config.sh: there is no FIPS module $module; install the package openssl-provider-fips (deploy/packages.sh)" >&2
	exit 1
fi

# Red Hat's openssl does not install modules: its own carries its checksum and needs no configuration.
output=$(openssl fipsinstall -module "$module" -provider_name fips -out "$dir/fipsmodule.cnf" 2>&1) || case $output in
*"not enabled in the Red Hat Enterprise Linux"*)
	printf '[fips_sect]\nactivate = 1\n' >"$dir/fipsmodule.cnf"
	;;
*)
	printf 'fips-config.sh: the module %s does not install:\n%s\n' "$module" "$output" >&2
	exit 1
	;;
esac
# Elsewhere than where OpenSSL looks: say where.
if [ "$module" != "$modules/fips.so" ]; then
	echo "module = $module" >>"$dir/fipsmodule.cnf"
fi

cat >"$dir/openssl.cnf" <<CONF
# Written by deploy/fips-config.sh. Nothing but these two providers may be
# activated here: fipsgate looks, and does not start otherwise.
config_diagnostics = 1
openssl_conf = openssl_init

.include $dir/fipsmodule.cnf

[openssl_init]
providers = provider_sect
alg_section = algorithm_sect

[provider_sect]
fips = fips_sect
base = base_sect

[base_sect]
activate = 1

[algorithm_sect]
default_properties = fips=yes
CONF
