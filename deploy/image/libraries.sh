#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The libraries that fipsgate links, built with what it uses of them and nothing
# else: one TLS stack (OpenSSL), no LDAP, no RTMP, no Kerberos, no second set of
# ciphers. Debian's own builds of curl and libmicrohttpd bring GnuTLS, libgcrypt,
# nettle, libssh2, krb5 and OpenLDAP along.
#
#   deploy/image/libraries.sh fetch DIR LIBRARY...    DIR/LIBRARY: Debian's source package, unpacked and patched; apt
#                                                     verifies it (needs dpkg-dev)
#   deploy/image/libraries.sh build DIR LIBRARY...    builds them, in this order, and installs them in /usr/local
#
# LIBRARY is curl, jansson, libmicrohttpd, libyaml or yyjson: names of source
# packages. What each is built from stands in /usr/local/share/doc/LIBRARY.
set -euo pipefail

prefix=/usr/local
jobs=$(nproc)

usage() {
	sed -n '8,11s/^# \{0,1\}//p' "$0" >&2
	exit 2
}

# Where apt may fetch packages from it may fetch their sources: the same archives, by the same keys.
add_source_lists() {
	local list
	for list in /etc/apt/sources.list.d/*.sources; do
		[ ! -f "$list" ] || sed 's/^Types:.*/Types: deb-src/' "$list" >"${list%.sources}-source.sources"
	done
	for list in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
		[ ! -f "$list" ] || sed -n 's/^deb /deb-src /p' "$list"
	done >/etc/apt/sources.list.d/source.list
	apt-get update -qq
}

fetch() {
	local dir=$1 library
	shift
	add_source_lists
	mkdir -p "$dir"
	for library in "$@"; do
		(cd "$dir" && apt-get -o APT::Sandbox::User=root source -qq --only-source --download-only "$library")
		dpkg-source --no-check --extract "$dir/${library}"_*.dsc "$dir/$library" >/dev/null
		rm "$dir/${library}"_*
	done
}

# with_cmake DIR OPTION...; chained, for `set -e` is off in what `||` follows
with_cmake() {
	local dir=$1
	shift
	cmake -S "$dir" -B "$dir/build" -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX="$prefix" -DCMAKE_INSTALL_LIBDIR=lib \
		-DBUILD_SHARED_LIBS=ON -DCMAKE_C_FLAGS="$flags" "$@" &&
		cmake --build "$dir/build" -j "$jobs" &&
		cmake --install "$dir/build" --strip
}

# HTTP and HTTPS by OpenSSL. What is off would bring libraries along, ciphers of
# its own, or ways to be told things that fipsgate does not ask for.
build_curl() {
	local option off=() bundle=/etc/ssl/certs/ca-certificates.crt
	for option in CURL_USE_LIBSSH2 CURL_USE_LIBPSL CURL_USE_GSSAPI USE_LIBRTMP USE_NGHTTP2 USE_LIBIDN2 CURL_BROTLI CURL_ZSTD CURL_ZLIB \
		ENABLE_CURL_MANUAL BUILD_CURL_EXE BUILD_LIBCURL_DOCS BUILD_MISC_DOCS BUILD_TESTING BUILD_EXAMPLES; do
		off+=("-D$option=OFF")
	done
	for option in LDAP LDAPS NTLM KERBEROS_AUTH NEGOTIATE_AUTH AWS DIGEST_AUTH ALTSVC HSTS COOKIES MIME NETRC DOH; do
		off+=("-DCURL_DISABLE_$option=ON")
	done
	[ -f "$bundle" ] || bundle=/etc/pki/tls/certs/ca-bundle.crt # Red Hat's
	with_cmake "$1" -DCMAKE_UNITY_BUILD=ON -DHTTP_ONLY=ON -DCURL_USE_OPENSSL=ON -DCURL_CA_BUNDLE="$bundle" -DCURL_CA_PATH=none "${off[@]}"
}

build_jansson() { with_cmake "$1" -DJANSSON_BUILD_SHARED_LIBS=ON -DJANSSON_BUILD_DOCS=OFF -DJANSSON_EXAMPLES=OFF -DJANSSON_WITHOUT_TESTS=ON; }
# Its CMakeLists.txt leaves out what pkg-config reads.
build_libyaml() {
	with_cmake "$1" -DBUILD_TESTING=OFF &&
		sed -e "s|@prefix@|$prefix|; s|@exec_prefix@|$prefix|; s|@libdir@|$prefix/lib|; s|@includedir@|$prefix/include|" \
			-e "s|@PACKAGE_VERSION@|$(sed -nE 's/^set \(YAML_VERSION_(MAJOR|MINOR|PATCH) ([0-9]+)\)/\2/p' "$1/CMakeLists.txt" | paste -sd .)|" \
			"$1/yaml-0.1.pc.in" >"$prefix/lib/pkgconfig/yaml-0.1.pc"
}
build_yyjson() { with_cmake "$1" -DYYJSON_BUILD_TESTS=OFF -DYYJSON_BUILD_MISC=OFF; }

# No HTTPS (that is GnuTLS), and no authentication (that is MD5 of its own).
# The patches are newer than what autoconf made of them; it need not run again.
build_libmicrohttpd() (
	cd "$1" &&
		CFLAGS=$flags ./configure --quiet --prefix="$prefix" --libdir="$prefix/lib" --disable-static --disable-https --disable-dauth \
			--disable-bauth --disable-postprocessor --disable-doc --disable-examples --disable-tools --disable-curl &&
		make -s -j "$jobs" AUTOCONF=: AUTOHEADER=: AUTOMAKE=: ACLOCAL=: &&
		make -s install-strip AUTOCONF=: AUTOHEADER=: AUTOMAKE=: ACLOCAL=:
)

# What scanners and lawyers want to know of DIR/LIBRARY.
document() {
	local doc=$prefix/share/doc/$2
	mkdir -p "$doc"
	cp "$1/$2/debian/copyright" "$doc/copyright"
	sed -n '1s/^[^(]*(\([^)]*\)).*/\1/p' "$1/$2/debian/changelog" >"$doc/version"
}

build() {
	local dir=$1 library
	shift
	for library in "$@"; do
		echo "building $library"
		"build_$library" "$dir/$library" >"$dir/$library.log" 2>&1 || { cat "$dir/$library.log" >&2; exit 1; }
		document "$dir" "$library"
	done
}

[ $# -ge 3 ] || usage
flags="-O2 -g -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fPIC -ffile-prefix-map=$2=."
case $1 in
fetch | build) "$@" ;;
*) usage ;;
esac
