# What the scripts beside this file share; each reads it first.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# A warning in our own code fails the build; SwiftPM never reports those of dependencies. One list of flags for
# every command, because other flags would build everything anew. Empty it (make test STRICT=) for a newer compiler.
strict=${STRICT--Xswiftc -warnings-as-errors}

logs=.build/logs
mkdir -p "$logs"

say() { printf '==> %s\n' "$*"; }
fail() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# Runs the package manager on one of our packages: for_package DIRECTORY COMMAND [options]
#
# All of them are built in one folder, since most of what they depend on is the same, and is compiled once there. SwiftPM
# passes a package's traits to the compiler in the order of a hash; one that differs from run to run would have everything
# compiled anew.
for_package() {
    local directory=$1 command=$2
    shift 2
    SWIFT_DETERMINISTIC_HASHING=1 swift "$command" --package-path "$directory" --scratch-path .build "$@"
}

# Where a package's programs are: programs_of DIRECTORY [options of swift build]
programs_of() { (for_package "$1" build --show-bin-path "${@:2}"); }

# The name that a package's logs bear.
name_of() { if [ "$1" = . ]; then echo root; else basename "$1"; fi; }

# How the package manager begins a warning about a package of ours, such as a file that belongs to no target.
ours="^warning: '($(basename "$PWD" | tr '[:upper:]' '[:lower:]')|examples|benchmarks|documentation)'"

# Shows a build's steps as one changing line at a terminal, and not at all elsewhere; leaves out what the package
# manager has to say about the packages of others.
progress() {
    local terminal=0
    [ -t 1 ] && terminal=1
    awk -v terminal="$terminal" -v ours="$ours" '
        /^[^ ]/ { theirs = /^warning: \047/ && $0 !~ ours }
        theirs { next }
        /^\[[0-9]+\/[0-9]+\]/ { if (terminal) { printf "\r\033[K%.78s", $0; fflush(); drawn = 1 } next }
        drawn { printf "\r\033[K"; drawn = 0 }
        { print; fflush() }
        END { if (drawn) printf "\r\033[K" }'
}

# Builds a package: build DIRECTORY [options of swift build]
build() {
    local directory=$1 log
    shift
    log=$logs/build-$(name_of "$directory").log
    say "building $(name_of "$directory") (the first time takes some minutes)"
    # Without its cache the package manager sees the files that came to the package at the root since the last time.
    # shellcheck disable=SC2086
    for_package "$directory" build --disable-build-manifest-caching $strict "$@" </dev/null 2>&1 |
        tee "$log" | progress ||
        fail "the build failed; all of it is in $log"
    if [ -n "$strict" ] && grep -qE "$ours" "$log"; then
        touch "$directory/Package.swift" # or it would say so only once
        fail "the package manager warns about a package of ours"
    fi
}

# Installs packages from PyPI to a temporary place that goes with the script, and names its interpreter: $python.
install_python() {
    local place
    .ci/install python
    place=$(mktemp -d)
    # shellcheck disable=SC2064
    trap "rm -rf '$place'" EXIT
    say "installing $* from PyPI to a temporary place"
    python3 -m venv "$place"
    "$place/bin/pip" install --quiet --disable-pip-version-check "$@" >"$logs/python.log" 2>&1 ||
        fail "they could not be installed; see $logs/python.log"
    python=$place/bin/python
}

# Unpacks Debian's packages: unpack DIRECTORY PACKAGE… They are not installed, so they start no service, and the system
# stays as it is.
unpack() {
    local directory=$1 package
    shift
    say "unpacking $* of Debian to $directory"
    mkdir -p "$directory"
    download() { (cd "$directory" && apt-get download -qq "$@") >"$logs/debian.log" 2>&1; }
    download "$@" || {
        local as_root=()
        [ "$(id -u)" = 0 ] || as_root=(sudo)
        "${as_root[@]}" apt-get update -qq </dev/null >/dev/null 2>&1 || true
        download "$@"
    } || fail "they could not be fetched; see $logs/debian.log"
    for package in "$directory"/*.deb; do
        dpkg-deb --extract "$package" "$directory"
        rm "$package"
    done
}
