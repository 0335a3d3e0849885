# How a JDK that can run manyjvm is found: read by install.sh and, where the JDK of an installation is gone, by bin/manyjvm.
# For any POSIX shell.

oldest_jdk=17
newest_jdk=28

# A JDK's major version, from its own mouth; empty when it is no JDK that can run the kernel (no compiler, no JShell).
jdk_version() {
    [ -n "$1" ] && [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || return 0
    case $("$1/bin/java" --list-modules 2>/dev/null) in *jdk.jshell*) ;; *) return 0 ;; esac
    "$1/bin/java" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.specification\.version = \([0-9]*\).*/\1/p'
}

# Where a JDK may be, one home a line: JAVA_HOME, the java on the PATH, then the usual places.
jdk_candidates() {
    [ -z "${JAVA_HOME:-}" ] || printf '%s\n' "$JAVA_HOME"
    if command -v java >/dev/null 2>&1; then
        java -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p' || true
    fi
    [ ! -x /usr/libexec/java_home ] || /usr/libexec/java_home -v "$oldest_jdk+" 2>/dev/null || true
    for candidate in /usr/lib/jvm/* /opt/homebrew/opt/openjdk* /usr/local/opt/openjdk* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
        [ ! -d "$candidate" ] || printf '%s\n' "$candidate"
    done
}

# why_not HOME VERSION: why the JDK there, whose version may be empty, cannot be used.
why_not() {
    if [ ! -x "$1/bin/java" ]; then
        echo "there is no bin/java in it"
    elif [ -z "$2" ]; then
        echo "it has no javac or no jshell: it is a JRE, or a part of a JDK"
    else
        echo "it is JDK $2, and manyjvm needs JDK $oldest_jdk to $newest_jdk"
    fi
}

# fits VERSION: whether manyjvm knows JDKs of this version.
fits() {
    [ -n "$1" ] && [ "$1" -ge "$oldest_jdk" ] && [ "$1" -le "$newest_jdk" ]
}

# The home of the first JDK that fits, or nothing. Names those that are too new, and JAVA_HOME, which users set to choose the
# JDK, when it does not fit.
find_jdk() {
    candidates=$(jdk_candidates | awk '!seen[$0]++')
    while IFS= read -r candidate; do
        version=$(jdk_version "$candidate" </dev/null)
        if fits "$version"; then
            printf '%s\n' "$candidate"
            return 0
        elif [ -n "$version" ] && [ "$version" -gt "$newest_jdk" ]; then
            echo "Not using JDK $version ($candidate): this manyjvm knows JDK $oldest_jdk to $newest_jdk" >&2
        elif [ -n "${JAVA_HOME:-}" ] && [ "$candidate" = "$JAVA_HOME" ]; then
            echo "Not using JAVA_HOME=$JAVA_HOME: $(why_not "$candidate" "$version")" >&2
        fi
    done <<CANDIDATES
$candidates
CANDIDATES
}
