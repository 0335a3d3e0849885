package manyjvm.maven;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import manyjvm.kernel.spi.LibraryResolver.Pom;
import manyjvm.kernel.spi.LibraryResolver.Request;
import manyjvm.kernel.spi.LibraryResolver.Resolution;
import manyjvm.kernel.spi.LibraryResolver.Transfers;
import manyjvm.kernel.spi.Magic.MagicUsageException;

/** A session whose {@code ~/.m2} is a folder of the test's, and in whose settings a mirror takes the place of all repositories. */
final class MavenSession implements AutoCloseable {
    final Path home;
    final SessionResolver resolver;
    private final AtomicInteger cells = new AtomicInteger();

    /** @param mirror a URL */
    MavenSession(Path home, String mirror, String... settings) throws IOException {
        this.home = home;
        Files.createDirectories(home);
        Files.writeString(
                home.resolve("settings.xml"),
                "<settings><mirrors><mirror><id>all</id><mirrorOf>*</mirrorOf><url>" + mirror
                        + "</url></mirror></mirrors>" + String.join("", settings) + "</settings>");
        resolver = new SessionResolver(home);
    }

    /** As {@code %maven}, kept; gives the names of the jars that were added, then the notes. */
    Line maven(String... libraries) throws MagicUsageException {
        return kept(new Request(cell(), List.of(libraries), List.of(), Optional.empty(), Set.of(), false));
    }

    Line update(String... libraries) throws MagicUsageException {
        return kept(new Request(cell(), List.of(libraries), List.of(), Optional.empty(), Set.of(), true));
    }

    Line platform(String platform, String... libraries) throws MagicUsageException {
        return kept(new Request(cell(), List.of(libraries), List.of(platform), Optional.empty(), Set.of(), false));
    }

    Line pom(String xml, String... scopes) throws MagicUsageException {
        return pom(new Pom(xml, Optional.empty()), scopes);
    }

    Line pom(Pom pom, String... scopes) throws MagicUsageException {
        Set<String> chosen = scopes.length == 0 ? Set.of("compile", "runtime", "provided") : Set.of(scopes);
        return kept(new Request(cell(), List.of(), List.of(), Optional.of(pom), chosen, false));
    }

    /** The message of a line that fails. */
    String refused(String... libraries) {
        return refusal(() -> maven(libraries));
    }

    static String refusal(Use use) {
        try {
            use.run();
        } catch (MagicUsageException refused) {
            return refused.getMessage();
        }
        throw new AssertionError("it was not refused");
    }

    interface Use {
        void run() throws MagicUsageException;
    }

    private String cell() {
        return "In[" + cells.incrementAndGet() + "]";
    }

    Resolution resolved(String library) throws MagicUsageException {
        return resolver.resolve(
                new Request(cell(), List.of(library), List.of(), Optional.empty(), Set.of(), false), quiet());
    }

    private Line kept(Request request) throws MagicUsageException {
        Resolution resolution = resolver.resolve(request, quiet());
        resolution.keep();
        return new Line(
                resolution.added().stream()
                        .map(jar -> jar.getFileName().toString())
                        .toList(),
                resolution.notes());
    }

    record Line(List<String> jars, List<String> notes) {
        Line(String... jars) {
            this(List.of(jars), List.of());
        }
    }

    static Transfers quiet() {
        return new Transfers() {
            @Override
            public void progressed(String file, String from, long bytes, long total) {}

            @Override
            public void ended(String file) {}

            @Override
            public boolean cancelled() {
                return false;
            }
        };
    }

    @Override
    public void close() {
        resolver.close();
    }
}
