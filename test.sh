#!/usr/bin/env bash
# Runs all tests: the Maven build on each JDK that is there, then the installation from this checkout and the
# notebooks in Debian's Jupyter. Installs what the tests need where apt-get can. Ends with the totals.
#
# The tests wait more than they compute, and a build keeps about one processor busy. So as many builds run at a time as there
# are processors, each into a folder of its own (target/jdk-17/target in each module: ArchUnit knows tests by target/test-classes in
# their path), with its JDK before each line that it prints. On a machine that is busy already they run one after the other.
# MANYJVM_TEST_BUILDS=1 asks for that, 2 for two at a time.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

passed=0
failed=0
skipped=0

say() { printf '\n== %s\n' "$*"; }
minutes() { printf '%d:%02d min' $(($1 / 60)) $(($1 % 60)); }
totals() {
    local used
    used=$(mktemp)
    times >"$used" # in this very shell: another one has its own
    printf '\nin %s, processors (user, system): %s\n' "$(minutes "$SECONDS")" "$(tail -n 1 "$used")"
    rm -f "$used"
    printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
}

# What runs: the numbers of processes that each lead a process group of their own, so that it can be ended with all that is in it.
under_way=()

# start COMMAND...: in the background; its process is the last of under_way.
start() {
    set -m
    { "$@"; } &
    set +m
    under_way+=("$!")
}

# Those processes and all that they started, as far as these are there: Jupyter, for one, starts kernels outside its group.
processes_under_way() {
    ps -A -o pid= -o ppid= | awk -v roots="${under_way[*]}" '
        { started[$2] = started[$2] " " $1 }
        END {
            count = split(roots, found, " ")
            for (at = 1; at <= count; at++) {
                print found[at]
                more = split(started[found[at]], children, " ")
                for (i = 1; i <= more; i++) found[++count] = children[i]
            }
        }'
}

# Ends what runs, at the latest after ten seconds.
end_all() {
    local processes groups tries
    [ ${#under_way[@]} != 0 ] || return 0
    processes=$(processes_under_way) || true # without ps: the groups and their leaders
    groups=${under_way[*]/#/-}
    under_way=()
    kill -TERM -- $groups $processes 2>/dev/null || return 0
    for ((tries = 0; tries < 100; tries++)); do
        kill -0 -- $groups $processes 2>/dev/null || return 0
        sleep 0.1
    done
    kill -KILL -- $groups $processes 2>/dev/null || true
}

sandbox=
cleanup() {
    end_all
    [ -z "$sandbox" ] || rm -rf "$sandbox"
}
stopped() {
    trap '' INT TERM HUP
    echo "test.sh: stopped; ending what runs" >&2
    exit "$1" # by way of cleanup
}
trap cleanup EXIT
trap 'stopped 130' INT
trap 'stopped 143' TERM
trap 'stopped 129' HUP

# check NAME COMMAND...: one test that is a command.
check() {
    local name=$1 log status=0
    shift
    log=$(mktemp)
    start "$@" >"$log" 2>&1 </dev/null
    wait "${under_way[0]}" || status=$?
    under_way=()
    if [ "$status" = 0 ]; then
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
    local folder
    for folder in lib lib/maven; do
        diff <(awk -F'`' -v title="## In \`$folder\`" '/^## / { here = $0 == title } here && /^\| `/ { print $2 }' THIRD-PARTY.md | sort) \
            <(cd "$1/$folder" && printf '%s\n' *.jar | sed '/^manyjvm-/d; s/-[0-9][0-9.]*\.jar$//' | sort) || return 1
    done
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

# count_reports VERSION: sums what Surefire and Failsafe wrote on that JDK: passed, failed and skipped tests.
count_reports() {
    { cat ./*/target/jdk-"$1"/target/{surefire,failsafe}-reports/TEST-*.xml 2>/dev/null || true; } |
        tr '\n' ' ' | { grep -oE '<testsuite [^>]*>' || true; } | awk '
            function attribute(name, text) { return match(text, " " name "=\"[0-9]+\"") ? substr(text, RSTART + length(name) + 3, RLENGTH - length(name) - 4) : 0 }
            { tests += attribute("tests", $0); bad += attribute("failures", $0) + attribute("errors", $0); left += attribute("skipped", $0) }
            END { print tests - bad - left, bad + 0, left + 0 }'
}

# maven_build VERSION OPTIONS...: everything, on that JDK.
maven_build() {
    local version=$1 status=0
    shift
    rm -rf ./*/target/jdk-"$version"
    SECONDS=0
    JAVA_HOME=$(jdk_home "$version") mvn -B -ntp -Doutput.folder="target/jdk-$version/target" "$@" verify </dev/null 2>&1 |
        while IFS= read -r line; do printf '[%s] %s\n' "$version" "$line"; done || status=$?
    printf '[%s] ended after %s\n' "$version" "$(minutes "$SECONDS")"
    return "$status"
}

# builds_at_once: how many, see above.
builds_at_once() {
    local processors load
    processors=$(getconf _NPROCESSORS_ONLN)
    load=$(uptime | sed 's/.*load average[s]*: *\([0-9]*\).*/\1/')
    if [ -n "${MANYJVM_TEST_BUILDS:-}" ]; then
        echo "$MANYJVM_TEST_BUILDS"
    elif [ "$load" -lt "$processors" ]; then
        echo "$processors"
    else
        echo 1
    fi
}

# maven_builds VERSION...: on these JDKs at a time. Waits for all; one that fails is told at the end, and ends the tests.
maven_builds() {
    local version numbers status broken=() builds=() index
    for version in "$@"; do
        start maven_build "$version" "${options[@]+"${options[@]}"}"
        options=()
    done
    for ((index = 0; index < $#; index++)); do
        builds[index]=0
        wait "${under_way[index]}" || builds[index]=$?
    done
    under_way=()
    echo
    index=0
    for version in "$@"; do
        numbers=($(count_reports "$version"))
        passed=$((passed + numbers[0]))
        failed=$((failed + numbers[1]))
        skipped=$((skipped + numbers[2]))
        printf 'JDK %s: %d passed, %d failed, %d skipped\n' "$version" "${numbers[@]}"
        status=${builds[index]}
        if [ "$status" != 0 ]; then
            broken+=("$version")
            [ "${numbers[1]}" != 0 ] || failed=$((failed + 1))
        fi
        index=$((index + 1))
    done
    if [ ${#broken[@]} != 0 ]; then
        echo "FAIL  the Maven build on JDK ${broken[*]}"
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

oldest_jdk=$(sed -n 's/^oldest_jdk=//p' launcher/jdk.sh)
newest_jdk=$(sed -n 's/^newest_jdk=//p' launcher/jdk.sh)

if command -v apt-get >/dev/null 2>&1; then
    missing=()
    for package in jupyter-client jupyter-nbconvert python3-jupyter-kernel-test maven procps; do
        dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package")
    done
    find_jdks
    # Debian's present JDK: another one in each release.
    [ ${#versions[@]} -gt 0 ] || missing+=(default-jdk-headless)
    [ ${#missing[@]} = 0 ] || install_packages "${missing[@]}"
    # What tests drive as users do. Where a package is missing (Ubuntu has no Chromium) its tests are skipped, and say so.
    for package in chromium jupyter-console jupyter-notebook tmux; do
        dpkg -s "$package" >/dev/null 2>&1 || install_packages "$package" ||
            echo "test.sh: $package could not be installed: the tests that need it are skipped"
    done
fi

find_jdks
if [ ${#versions[@]} = 0 ]; then
    echo "test.sh: no JDK from $oldest_jdk to $newest_jdk found: install one, or set JAVA_HOME to one" >&2
    exit 1
fi
at_once=$(builds_at_once)
if ! [ "$at_once" -ge 1 ] 2>/dev/null; then
    echo "test.sh: MANYJVM_TEST_BUILDS is how many builds run at a time, 1 or more, not $at_once" >&2
    exit 2
fi
say "Testing on JDK ${versions[*]}, $at_once at a time"
JAVA_HOME=$(jdk_home "${versions[0]}")
export JAVA_HOME
check "The sources are formatted (mvn spotless:apply does it)" mvn -B -q -ntp spotless:check

options=(-Prelease) # the jars of sources and Javadoc: once is enough
for ((first = 0; first < ${#versions[@]}; first += at_once)); do
    say "Maven build on JDK ${versions[*]:first:at_once}"
    maven_builds "${versions[@]:first:at_once}"
done

say "The installation"
sandbox=$(mktemp -d)
export XDG_CACHE_HOME="$sandbox/cache"
export XDG_STATE_HOME="$sandbox/state"
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

# not_used HOME WHY: such a JAVA_HOME is passed over, and that is said.
not_used() {
    JAVA_HOME=$1 sh -c '. launcher/jdk.sh; find_jdk' 2>&1 | grep -F "Not using JAVA_HOME=$1: $2"
}
check "install.sh tells of a JAVA_HOME without a JDK" not_used "$sandbox" "there is no bin/java in it"
mkdir -p "$sandbox/jre/bin"
cp "$sandbox/jdk-99/bin/java" "$sandbox/jre/bin"
check "install.sh tells of a JAVA_HOME that is a JRE" not_used "$sandbox/jre" "it has no javac or no jshell"

# none_found: where there is no JDK at all the search finds none, and says nothing.
none_found() {
    ! env -u JAVA_HOME bash -c 'set -euo pipefail; . launcher/jdk.sh; jdk_candidates() { :; }; find_jdk' 2>&1 | grep .
}
check "install.sh finds no JDK where there is none" none_found

check "install.sh refuses a --jdk that is none" refused 1 "cannot use --jdk $sandbox: there is no bin/java in it" \
    ./install.sh --jdk "$sandbox" --prefix "$sandbox/never"

kernel="$sandbox/p q/share/jupyter/kernels/manyjvm"
check "the installed kernel has its archive, and starts from it" sh -c \
    '[ -s "$1/kernel.jsa" ] && "$1/bin/manyjvm" -Xshare:on --version' - "$kernel"

# release_installs: from an archive, where nothing can build: neither Maven nor sources.
release_installs() {
    local place="$sandbox/release" bin="$sandbox/bin" installed
    mkdir -p "$place" "$bin"
    tar -xzf magics/target/jdk-"${versions[0]}"/target/manyjvm-*.tar.gz -C "$place"
    printf '#!/bin/sh\necho "Maven was called" >&2\nexit 1\n' >"$bin/mvn"
    chmod +x "$bin/mvn"
    PATH="$bin:$PATH" "$place"/manyjvm-*/install.sh --jdk "$(jdk_home "${versions[${#versions[@]} - 1]}")" --prefix "$place/here" || return 1
    installed="$place/here/share/jupyter/kernels/manyjvm"
    "$installed/bin/manyjvm" -Xshare:on --version || return 1
    diff <(cd "$kernel/lib" && find . -type f | sort) <(cd "$installed/lib" && find . -type f | sort)
}
check "a release installs without a build, on the newest JDK" release_installs

check "the installation holds the jars that THIRD-PARTY.md lists, and no others" third_party_jars "$kernel"

export JUPYTER_PATH="$sandbox/p q/share/jupyter"
check "Jupyter lists the kernel" sh -c 'jupyter kernelspec list 2>&1 | grep manyjvm'
# Debian's own Python: jupyter_kernel_test is one of its packages.
check "Jupyter's suite for kernels passes against the installed kernel" \
    /usr/bin/python3 -m unittest -v kernel/src/test/python/test_manyjvm_kernel.py
for notebook in notebooks/*.ipynb; do
    check "Jupyter executes $notebook" jupyter nbconvert --to notebook --execute "$notebook" --output-dir "$sandbox"
done
mkdir -p "$XDG_CACHE_HOME/manyjvm" && : >"$XDG_CACHE_HOME/manyjvm/worker-0.jsa"
mkdir -p "$XDG_STATE_HOME/manyjvm" && : >"$XDG_STATE_HOME/manyjvm/history.jsonl"
check "install.sh --uninstall --prefix removes the kernel and the workers' archives, and leaves the history" sh -c \
    './install.sh --uninstall --prefix "$1" && [ ! -e "$1/share/jupyter/kernels/manyjvm" ] && [ ! -e "$XDG_CACHE_HOME/manyjvm" ] && [ -e "$XDG_STATE_HOME/manyjvm/history.jsonl" ]' - "$sandbox/p q"
check "install.sh --uninstall removes the history" sh -c \
    'JUPYTER_DATA_DIR=$1/none ./install.sh --uninstall && [ ! -e "$XDG_STATE_HOME/manyjvm" ]' - "$sandbox"

totals
[ "$failed" = 0 ]
