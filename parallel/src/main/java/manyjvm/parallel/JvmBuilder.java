package manyjvm.parallel;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import manyjvm.parallel.spi.JvmSettings;
import manyjvm.parallel.spi.ParallelRuntime;

/**
 * What the builders of pools and processes have in common.
 *
 * @param <B> the builder itself
 */
abstract sealed class JvmBuilder<B extends JvmBuilder<B>> permits Pool.Builder, Process.Builder {
    private Optional<String> name = Optional.empty();
    private Optional<String> maxHeap = Optional.empty();
    private List<String> jvmOptions = List.of();
    private Optional<Path> javaHome = Optional.empty();
    private List<Integer> cpus = List.of();
    private Optional<OutputMode> output = Optional.empty();

    abstract B self();

    @Override
    public String toString() {
        return getClass().getEnclosingClass().getSimpleName() + ".builder() of " + name.orElse("one without a name")
                + ", not built yet";
    }

    /**
     * What messages and {@link ProcessInfo} call it; without it {@code Pool-1}, {@code Process-1} and so on.
     *
     * @throws IllegalArgumentException when blank
     */
    public B name(String name) {
        this.name = Optional.of(Checks.name(name));
        return self();
    }

    /**
     * The {@code -Xmx} of each JVM: {@code 512m}.
     *
     * @throws IllegalArgumentException for what is no size of this form
     */
    public B maxHeap(String size) {
        this.maxHeap = Optional.of(Checks.heap(size));
        return self();
    }

    /**
     * Further options of the JVMs. One that a JVM does not know ends the first use with what the JVM says. A system property
     * given here ({@code -Dname=value}) stays, whatever the program sets its own to; so do the locales ({@code
     * -Duser.language}) and the time zone ({@code -Duser.timezone}), whatever the program's defaults are.
     */
    public B jvmOptions(String... options) {
        this.jvmOptions = List.of(options);
        return self();
    }

    /** Another JDK, not older than this one, whose classes it must be able to load. Looked at when the first JVM starts. */
    public B javaHome(Path javaHome) {
        this.javaHome = Optional.of(javaHome);
        return self();
    }

    /**
     * The processors that JVMs are pinned to, counted from 0: a process to all of them together, the workers of a pool in
     * turns, worker 1 to the first, worker 2 to the second ... Needs the program {@code taskset}, which Linux has: without it
     * the first use is a {@link ParallelException}.
     *
     * @throws IllegalArgumentException for a negative number
     */
    public B cpus(int... cpus) {
        this.cpus = Checks.cpus(cpus);
        return self();
    }

    /** How the printed text is shown; without it as lines, {@link OutputMode#LIVE}, or as the notebook was told to. */
    public B output(OutputMode output) {
        this.output = Optional.of(output);
        return self();
    }

    final String name(ParallelRuntime runtime, String prefix) {
        return name.orElseGet(() -> runtime.nextName(prefix));
    }

    final JvmSettings jvm() {
        return new JvmSettings(maxHeap, jvmOptions, javaHome, cpus);
    }

    final OutputMode output(ParallelRuntime runtime) {
        return output.orElseGet(runtime::defaultOutput);
    }
}
