# SPDX-License-Identifier: Apache-2.0
# Sourced by the tests of images, after tests/e2e/lib.sh: builds an image from its
# Containerfile with buildah, on a base system made of the packages of the mirror
# that this machine trusts, looks at what came of it, and runs it.
#
#   build NAME CONTAINERFILE [OPTION...]
#                                the image's root file system in $work/NAME, its configuration in $work/NAME.json
#   look NAME MIB PROGRAM...     what is in it, and what must not be
#   command_of NAME FILE DIR PLACE [VARIABLE=VALUE...]
#                                writes a command that runs it with DIR at PLACE
#
# Nothing is ever mounted but in a namespace that ends with the command. Packages
# and the base system of the day are kept in ~/.cache/fipsgate-tests.
#
# shellcheck shell=bash
cache=${XDG_CACHE_HOME:-$HOME/.cache}/fipsgate-tests/image
release=trixie
user=65532

skip() {
	echo "skipped: $1"
	exit 77
}

can_build() {
	local tool
	[ "$(id -u)" = 0 ] || skip "images are built by root only"
	for tool in buildah mmdebstrap unshare; do
		command -v $tool >/dev/null || skip "no $tool"
	done
	unshare --mount true || skip "no mount namespaces"
}

storage() { unshare --mount -- buildah --root "$work/storage" --runroot "$work/storage-run" "$@"; }

# The base system, where no registry is: made once a day. As in Debian's images nothing starts when it is installed,
# and nobody waits for the disk.
base_system() {
	local mirror tar=$cache/$release-$(date -u +%F).tar
	if [ ! -f "$tar" ]; then
		mirror=$("$SOURCE/deploy/packages.sh" mirror) || skip "no Debian mirror in /etc/apt"
		rm -f "$cache/$release"-*
		# shellcheck disable=SC2016 # mmdebstrap expands it
		mmdebstrap --quiet --format=tar --variant=apt --include=ca-certificates \
			--customize-hook='printf "#!/bin/sh\nexit 101\n" >"$1/usr/sbin/policy-rc.d" && chmod +x "$1/usr/sbin/policy-rc.d"' \
			--customize-hook='echo force-unsafe-io >"$1/etc/dpkg/dpkg.cfg.d/speed"' \
			"$release" "$tar.new" "$mirror" >"$work/base.log" 2>&1 || skip "no base system: $(tail -n 1 "$work/base.log")"
		mv "$tar.new" "$tar"
	fi
	echo "$tar"
}

import_base() {
	local container tar
	mkdir -p "$cache/archives"
	exec 9>"$cache/lock"
	flock 9 # to the end of the test: apt would not share the archives
	tar=$(base_system) || { echo "$tar"; exit 77; }
	container=$(storage from scratch)
	storage add --quiet "$container" "$tar" / >/dev/null
	storage commit --quiet --rm "$container" localhost/base >/dev/null
}

build() {
	local container began=$SECONDS
	storage images --quiet localhost/base >/dev/null 2>&1 || import_base
	storage build --isolation chroot --network host --layers=false --build-arg BASE=localhost/base --volume "$cache/archives:/var/cache/apt/archives" \
		--file "$SOURCE/$2" --tag "localhost/$1" "${@:3}" "$SOURCE" >"$work/$1.log" 2>&1 || { tail -n 40 "$work/$1.log" >&2; fail "$2 does not build"; }
	storage inspect --type image "localhost/$1" | jq .OCIv1.config >"$work/$1.json"
	container=$(storage from "localhost/$1")
	unshare --mount -- sh -euc 'cp -a "$(buildah --root "$1" --runroot "$1-run" mount "$2")" "$3"' copy "$work/storage" "$container" "$work/$1"
	echo "$1: built in $((SECONDS - began)) s, $(du -sb "$work/$1" | awk '{ printf "%.1f", $1 / 1048576 }') MiB"
}

# As a container runtime does: the entry point, as its user, with its environment; /proc, /dev, all else read-only.
command_of() {
	local root=$work/$1 environment
	environment=$(jq -r '.Env | map(@sh) | join(" ")' "$work/$1.json")
	mkdir -p "$root"/{proc,dev} "$root$4"
	cat >"$2" <<-RUNTIME
		#!/bin/sh
		set -eu
		[ -n "\${INSIDE:-}" ] || INSIDE=1 exec unshare --mount -- "\$0" "\$@"
		mount --bind "$root" "$root"
		mount -t proc proc "$root/proc"
		mount --bind /dev "$root/dev"
		mount --bind "$3" "$root$4"
		mount -o remount,bind,ro "$root"
		exec env -i $environment ${*:5} chroot --userspec=$(jq -r .User "$work/$1.json") --groups= "$root" $(jq -r '.Entrypoint[0]' "$work/$1.json") "\$@"
	RUNTIME
	chmod +x "$2"
}

# linked NAME FILE: the libraries it links, as the image's own loader finds them
linked() {
	local loader
	loader=$(cd "$work/$1" && find usr -name 'ld-linux*')
	chroot --userspec=$user:$user "$work/$1" "/$loader" --list "$2" | sed -nE 's|^[^/]*(/[^ ]+) \(0x.*|\1|p' | xargs -n 1 basename | sort -u
}

look() {
	local name=$1 most=$2 root=$work/$1 libraries file
	shift 2
	[ "$(du -sb "$root" | cut -f 1)" -le $((most << 20)) ] || fail "$name: more than $most MiB"
	libraries=$(for file in "$@" "$(find "$root" -name fips.so -printf '/%P')"; do linked "$name" "$file"; done | sort -u)
	echo "$name links: $(tr '\n' ' ' <<<"$libraries")"
	[ "$(grep -c '^libcrypto\.so' <<<"$libraries")" = 1 ] && [ "$(grep -c '^libssl\.so' <<<"$libraries")" = 1 ] || fail "$name: not one OpenSSL"
	[ "$(find "$root" -name 'libcrypto*' -type f | wc -l) $(find "$root" -name 'fips.so*' | wc -l)" = "1 1" ] || fail "$name: not one libcrypto and one fips.so"
	! grep -E '^lib(gnutls|gcrypt|nettle|hogweed|nss|krb5|gssapi|ssh|ldap|rtmp|mbed|sodium)' <<<"$libraries" || fail "$name: other cryptography"
	[ "$(find "$root" -name '*.so*' ! -name 'ld-linux*' ! -name fips.so -printf '%f\n' | sort)" = "$(grep -v ld-linux <<<"$libraries")" ] ||
		fail "$name: libraries that nobody links: $(find "$root" -name '*.so*')"
	[ "$(find "$root" -type f -perm /111 ! -name '*.so*' -printf '/%P\n' | sort)" = "$(printf '%s\n' "$@" | sort)" ] ||
		fail "$name: other programs than $*: $(find "$root" -type f -perm /111)"
	[ -z "$(find "$root" -path "$root/tmp" -o ! -type l \( -perm /6022 -o ! -uid 0 \) -print)" ] || fail "$name: files that others may write, or that make root"
	! grep -rqE 'install-status|install-mac' "$root/etc" || fail "$name: a self test that was passed elsewhere"
	[ "$(jq -r .User "$work/$name.json")" = $user:$user ] || fail "$name: not user $user"
	[ "$(jq -r .StopSignal "$work/$name.json")" = SIGTERM ] || fail "$name: another stop signal"
	[ "$(ls "$root/var/lib/dpkg/status.d")" = "$(ls "$root/usr/share/doc")" ] && [ -s "$root/var/lib/dpkg/status.d/openssl-provider-fips" ] ||
		fail "$name: packages without record or licence: $(ls "$root/var/lib/dpkg/status.d" "$root/usr/share/doc")"
}
