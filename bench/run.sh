#!/usr/bin/env bash
# Measures manyjvm and its peers. See --help.
set -euo pipefail

usage() {
    cat <<'TEXT'
usage: bench/run.sh [--rounds N] [WORKLOAD ...]

Builds manyjvm, installs its kernel into a temporary folder, and measures it beside Python's pools (fork, spawn, forkserver; loky and
ipyparallel where they are installed: Debian's python3-joblib, python3-ipyparallel) and beside the Python kernel (ipykernel), in turns.
Prints a table. With all workloads it takes about five minutes a round, and writes bench/FIGURES.md.

  --rounds N   measure each workload N times in fresh processes (1)
  WORKLOAD     one of: pool process apply async map imap arrays captured lambda many queue pipe value primes kernel

Environment: JAVA_HOME chooses the JDK, PYTHON the interpreter that has the peers (python3). Figures are worth something on a machine that does nothing else.
TEXT
}

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
rounds=1
workloads=()
while [ $# -gt 0 ]; do
    case $1 in
        --rounds)
            case ${2:-} in '' | *[!0-9]* | 0) echo "bench/run.sh: --rounds needs a number (see --help)" >&2 && exit 2 ;; esac
            rounds=$2
            shift
            ;;
        -h | --help)
            usage
            exit 0
            ;;
        -*)
            echo "bench/run.sh: unknown option $1 (see --help)" >&2
            exit 2
            ;;
        *) workloads+=("$1") ;;
    esac
    shift
done

installed=$(mktemp -d)
trap 'rm -rf "$installed"' EXIT
"$here/../install.sh" --prefix "$installed" >&2
(cd "$here/.." && mvn -B -q -DskipTests -P '!error-prone' -pl bench -am package </dev/null) >&2
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
MANYJVM_HISTORY=off MANYJVM_PROGRESS=off "$java" -cp "$here/target/*:$here/target/lib/*" manyjvm.bench.Bench \
    "$installed/share/jupyter/kernels/manyjvm/kernel.json" "$here" "$rounds" "${workloads[@]}"
