package manyjvm.kernel.spi;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import manyjvm.kernel.spi.Magic.MagicUsageException;

/**
 * Finds libraries by their Maven coordinates, for one session. Loaded by a class loader of its own when it is first needed, with
 * jars that neither the kernel nor cells see; found there by {@link java.util.ServiceLoader}. Only types of this package and of
 * the JDK cross.
 *
 * <p>What a session has asked for is resolved as a whole each time, and what is on its class path already keeps its version.
 */
public interface LibraryResolver extends AutoCloseable {
    /**
     * What a magic asks for.
     *
     * @param by who asks, as users call it: {@code In[3]}
     * @param libraries {@code group:artifact:version}, with type and classifier before the version as Maven writes them; without
     *     a version where a platform gives it
     * @param platforms {@code group:artifact:version} of poms whose dependency management gives versions (BOMs)
     * @param pom a pom, or parts of one, whose dependencies are asked for; or none
     * @param scopes which of the pom's dependencies count
     * @param update whether snapshots and the newest versions are looked for again, though that was done today
     */
    record Request(
            String by,
            List<String> libraries,
            List<String> platforms,
            Optional<Pom> pom,
            Set<String> scopes,
            boolean update) {
        public Request {
            libraries = List.copyOf(libraries);
            platforms = List.copyOf(platforms);
            scopes = Set.copyOf(scopes);
        }
    }

    /**
     * The text of a pom.
     *
     * @param xml a whole {@code <project>}, or parts of one such as {@code <dependency>} and {@code <repository>}
     * @param file where it stands, by which a parent beside it is found; none for one that was typed
     */
    record Pom(String xml, Optional<Path> file) {}

    /** What has come of a request. Nothing of it holds before {@link #keep}. */
    interface Resolution {
        /** The jars that are not on the class path yet, in order. */
        List<Path> added();

        /** What users should know, one thought each: a version that stays another one, what brings no jar ... */
        List<String> notes();

        /**
         * Whether the session has still the libraries and repositories that this was resolved with; else {@link #keep} would
         * forget what has come meanwhile, and the request is to be resolved again.
         */
        boolean isCurrent();

        /** From now on the session has these libraries. */
        void keep();
    }

    /** Is told of downloads, by any thread; may end them. */
    interface Transfers {
        /** @param bytes how many have come by now, of all of {@code total}, which is below 0 where it is not known */
        void progressed(String file, String from, long bytes, long total);

        void ended(String file);

        /** Whether nobody waits any more: downloads then end where they are. */
        boolean cancelled();
    }

    /**
     * Resolves what the session has asked for, this included. Takes some tenths of a second, longer when it downloads; may be
     * interrupted where the network allows, and is safe to be abandoned.
     *
     * @throws MagicUsageException when something cannot be had; says what, and where it was looked for
     */
    Resolution resolve(Request request, Transfers transfers) throws MagicUsageException;

    /**
     * Libraries are also looked for there from now on, after the repositories known before; one of the same name is replaced.
     *
     * @param url {@code https:}, {@code http:}, {@code file:}, or a folder's path
     */
    void addRepository(String id, String url) throws MagicUsageException;

    /** The repositories asked, one line each, in order: those of the user's settings, then those of this session. */
    List<String> repositories() throws MagicUsageException;

    /** The libraries of the session, one line each: coordinates, and who asked. */
    List<String> libraries();

    /** The coordinates in the local repository that go on as this word does: groups, artifacts, versions. */
    List<String> complete(String word);

    /**
     * The sources of a jar that {@link #resolve} has given, which may be downloaded for it.
     *
     * @return empty for a jar of other origin, and where there are none or they cannot be had
     */
    Optional<Path> sources(Path jar);

    /** Ends what is open of connections. Resolving goes on afterwards with new ones. */
    @Override
    void close();
}
