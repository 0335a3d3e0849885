#!/usr/bin/env bash
# Runs all tests: the Maven build on each JDK that is there, then the installation from this checkout and the teaching
# notebook in Debian's Jupyter. Installs what the tests need where apt-get can. Ends with the totals.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

passed=0
failed=0
skipped=0

say() { printf '\n== %s\n' "$*"; }
totals() { printf '\n%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"; }

# check NAME COMMAND...: one test that is a command.
check() {
    local name=$1 log
    shift
    log=$(mktemp)
    if "$@" >"$log" 2>&1 </dev/null; then
        passed=$((passed + 1))
        printf 'ok    %s\n' "$name"
    else
        failed=$((failed + 1))
        printf 'FAIL  %s\n' "$name"
        sed 's/^/      /' "$log" | tail -n 60
    fi
    rm -f "$log"
}

# refused STATUS TEXT COMMAND...: the command must fail with that status and one line that holds the text.
refused() {
    local status=$1 text=$2 output got=0
    shift 2
    output=$("$@" 2>&1 >/dev/null </dev/null) || got=$?
    printf '%s\n' "$output"
    [ "$got" = "$status" ] && [ "$(printf '%s\n' "$output" | wc -l)" = 1 ] && printf '%s' "$output" | grep -qF -- "$text"
}

# third_party_jars KERNEL: the jars of others in an installation are those of the table in THIRD-PARTY.md, each once.
third_party_jars() {
    diff <(sed -n 's/^| `\([^`]*\)` |.*/\1/p' THIRD-PARTY.md | sort) \
        <(cd "$1/lib" && printf '%s\n' *.jar | sed '/^manyjvm-/d; s/-[0-9][0-9.]*\.jar$//' | sort)
}

# jdk_home VERSION: the home of a JDK of that major version, or nothing.
jdk_home() {
    local home
    for home in "${JAVA_HOME:-}" /usr/lib/jvm/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
        if [ -x "$home/bin/javac" ] && grep -qE "^JAVA_VERSION=\"$1[.\"]" "$home/release" 2>/dev/null; then
            printf '%s\n' "$home"
            return
        fi
    done
}

# Sums what Surefire and Failsafe wrote; sets the three counters.
count_reports() {
    local numbers
    numbers=$(cat ./*/target/surefire-reports/TEST-*.xml ./*/target/failsafe-reports/TEST-*.xml 2>/dev/null |
        tr '\n' ' ' | grep -oE '<testsuite [^>]*>' | awk '
            function attribute(name, text) { return match(text, " " name "=\"[0-9]+\"") ? substr(text, RSTART + length(name) + 3, RLENGTH - length(name) - 4) : 0 }
            { tests += attribute("tests", $0); bad += attribute("failures", $0) + attribute("errors", $0); left += attribute("skipped", $0) }
            END { print tests - bad - left, bad + 0, left + 0 }')
    set -- $numbers
    passed=$((passed + $1))
    failed=$((failed + $2))
    skipped=$((skipped + $3))
}

# maven_build HOME OPTIONS...: everything, on that JDK.
maven_build() {
    local home=$1
    shift
    rm -rf ./*/target/surefire-reports ./*/target/failsafe-reports
    local status=0
    JAVA_HOME=$home mvn -B -ntp "$@" clean verify </dev/null || status=$?
    count_reports
    if [ "$status" != 0 ]; then
        [ "$failed" != 0 ] || failed=1
        totals
        exit 1
    fi
}

# install_packages NAME...: with apt-get.
install_packages() {
    local as_root=
    say "Installing $*"
    [ "$(id -u)" = 0 ] || as_root=sudo
    $as_root apt-get update -qq
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# Sets versions to those of the JDKs that are there and that manyjvm knows, the oldest first.
find_jdks() {
    local version
    versions=()
    for ((version = oldest_jdk; version <= newest_jdk; version++)); do
        [ -z "$(jdk_home "$version")" ] || versions+=("$version")
    done
}

oldest_jdk=$(sed -n 's/^oldest_jdk=//p' install.sh)
newest_jdk=$(sed -n 's/^newest_jdk=//p' install.sh)

if command -v apt-get >/dev/null 2>&1; then
    missing=()
    for package in jupyter-client jupyter-nbconvert python3-jupyter-kernel-test maven; do
        dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package")
    done
    find_jdks
    # Debian's present JDK: another one in each release.
    [ ${#versions[@]} -gt 0 ] || missing+=(default-jdk-headless)
    [ ${#missing[@]} = 0 ] || install_packages "${missing[@]}"
fi

find_jdks
if [ ${#versions[@]} = 0 ]; then
    echo "test.sh: no JDK from $oldest_jdk to $newest_jdk found: install one, or set JAVA_HOME to one" >&2
    exit 1
fi
say "Testing on JDK ${versions[*]}"
JAVA_HOME=$(jdk_home "${versions[0]}")
export JAVA_HOME
check "The sources are formatted (mvn spotless:apply does it)" mvn -B -q -ntp spotless:check

options=(-Prelease) # the jars of sources and Javadoc: once is enough
for version in "${versions[@]}"; do
    home=$(jdk_home "$version")
    say "Maven build on JDK $version ($home)"
    maven_build "$home" "${options[@]+"${options[@]}"}"
    options=()
done

say "The installation"
sandbox=$(mktemp -d)
trap 'rm -rf "$sandbox"' EXIT
export XDG_CACHE_HOME="$sandbox/cache"
check "install.sh --help" ./install.sh --help
check "install.sh refuses an unknown option" refused 2 "unknown option --frobnicate" ./install.sh --frobnicate
check "install.sh refuses --prefix without a folder" refused 2 "--prefix needs a folder" ./install.sh --prefix
check "install.sh refuses a target that is a file" refused 1 "is not a folder" ./install.sh --prefix "$sandbox/../$(basename "$sandbox")/$(touch "$sandbox/file"; echo file)"
check "install.sh --uninstall without an installation" ./install.sh --uninstall --prefix "$sandbox/p q"
mkdir -p magics/target/lib
: >magics/target/lib/asm-9.0.jar # as an earlier build may have left one: it must not be installed
check "install.sh --demo --prefix" ./install.sh --demo --prefix "$sandbox/p q"
mkdir -p "$sandbox/jdk-99/bin"
printf '#!/bin/sh\necho "jdk.jshell"; echo "    java.specification.version = 99"\n' >"$sandbox/jdk-99/bin/java"
cp "$sandbox/jdk-99/bin/java" "$sandbox/jdk-99/bin/javac"
chmod +x "$sandbox"/jdk-99/bin/*
check "install.sh again, with a JDK that is too new" sh -c \
    'JAVA_HOME=$1/jdk-99 ./install.sh --prefix "$1/p q" 2>&1 | tee "$1/log" && grep -F "Not using JDK 99" "$1/log" && grep -F "Installed the kernel" "$1/log"' - "$sandbox"

check "the installed kernel starts from its archive" sh -c \
    '[ -s "$1/kernel.jsa" ] && grep -qF "SharedArchiveFile={resource_dir}/kernel.jsa" "$1/kernel.json"' - \
    "$sandbox/p q/share/jupyter/kernels/manyjvm"

check "the installation holds the jars that THIRD-PARTY.md lists, and no others" third_party_jars \
    "$sandbox/p q/share/jupyter/kernels/manyjvm"

export JUPYTER_PATH="$sandbox/p q/share/jupyter"
check "Jupyter lists the kernel" sh -c 'jupyter kernelspec list 2>&1 | grep manyjvm'
# Debian's own Python: jupyter_kernel_test is one of its packages.
check "Jupyter's suite for kernels passes against the installed kernel" \
    /usr/bin/python3 -m unittest -v kernel/src/test/python/test_manyjvm_kernel.py
check "Jupyter executes the teaching notebook" \
    jupyter nbconvert --to notebook --execute notebooks/multiprocessing.ipynb --output-dir "$sandbox" --output executed
mkdir -p "$XDG_CACHE_HOME/manyjvm" && : >"$XDG_CACHE_HOME/manyjvm/worker-0.jsa"
check "install.sh --uninstall removes the kernel and the workers' archives" sh -c \
    './install.sh --uninstall --prefix "$1" && [ ! -e "$1/share/jupyter/kernels/manyjvm" ] && [ ! -e "$XDG_CACHE_HOME/manyjvm" ]' - "$sandbox/p q"

totals
[ "$failed" = 0 ]
