package manyjvm.kernel.session.assistance;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import manyjvm.kernel.session.source.SourceComments;
import manyjvm.kernel.session.source.SourceComments.Found;
import org.jspecify.annotations.Nullable;

/**
 * What the sources of libraries say of their types and members: of the API of this kernel and its extensions, whose sources
 * are resources below {@value #RESOURCES}, of jars that have {@code NAME-sources.jar} beside {@code NAME.jar}, as in a Maven
 * repository, and of libraries whose sources can be fetched, which is done in the background. The JDK's are JShell's business. Runs no code
 * of libraries. Used by the holder of the session's lock.
 */
final class LibrarySources {
    private static final String RESOURCES = "META-INF/sources/";
    private static final Logger LOGGER = Logger.getLogger("manyjvm.kernel");

    private final Function<Path, Optional<Path>> fetch;

    /** What was fetched, or is being fetched, by the jar that it belongs to. */
    private final Map<Path, CompletableFuture<Optional<Path>>> fetched = new HashMap<>();

    /** @param fetch the jar of sources of a jar, if there is one; may take as long as a download */
    LibrarySources(Function<Path, Optional<Path>> fetch) {
        this.fetch = fetch;
    }

    /** Whether the sources of a type are on their way. */
    boolean areComing(Class<?> type) {
        return jar(type)
                .flatMap(jar -> Optional.ofNullable(fetched.get(jar)))
                .filter(one -> !one.isDone())
                .isPresent();
    }

    Optional<Found> type(Class<?> type) {
        return comments(type).flatMap(comments -> comments.type(path(type)));
    }

    Optional<Found> field(Class<?> type, String name) {
        return comments(type).flatMap(comments -> comments.field(path(type), name));
    }

    /** @param types of the parameters, by their simple names; a method without a comment has that of the one it overrides */
    Optional<Found> method(Class<?> type, String name, List<String> types) {
        Optional<Found> found = Optional.empty();
        for (Class<?> one : withSupertypes(type)) {
            Optional<Found> here = comments(one).flatMap(comments -> comments.method(path(one), name, types));
            if (here.isPresent() && !here.get().comment().isBlank()) {
                return here;
            }
            found = found.or(() -> here);
            if (name.equals("<init>")) {
                break;
            }
        }
        return found;
    }

    private static Set<Class<?>> withSupertypes(Class<?> type) {
        Set<Class<?>> all = new LinkedHashSet<>();
        for (Class<?> one = type; one != null; one = one.getSuperclass()) {
            all.add(one);
        }
        for (Class<?> one : List.copyOf(all)) {
            for (Class<?> above : one.getInterfaces()) {
                all.addAll(withSupertypes(above));
            }
        }
        return all;
    }

    private static List<String> path(Class<?> type) {
        List<String> path = new ArrayList<>();
        for (Class<?> one = type; one != null; one = one.getEnclosingClass()) {
            path.add(0, one.getSimpleName());
        }
        return path;
    }

    private Optional<SourceComments> comments(Class<?> type) {
        ClassLoader loader = type.getClassLoader();
        if (loader == null || loader == ClassLoader.getPlatformClassLoader() || type.isArray()) {
            return Optional.empty();
        }
        Class<?> top = type;
        while (top.getEnclosingClass() != null) {
            top = top.getEnclosingClass();
        }
        String name = top.getName().replace('.', '/') + ".java";
        try {
            URL resource = loader.getResource(RESOURCES + name);
            if (resource != null) {
                try (InputStream source = resource.openStream()) {
                    return Optional.of(SourceComments.of(new String(source.readAllBytes(), StandardCharsets.UTF_8)));
                }
            }
            return sourcesJar(type).flatMap(jar -> inJar(jar, name)).map(SourceComments::of);
        } catch (IOException unreadable) {
            LOGGER.log(Level.INFO, "The source of " + type.getName() + " cannot be read", unreadable);
            return Optional.empty();
        }
    }

    private Optional<Path> sourcesJar(Class<?> type) {
        Optional<Path> jar = jar(type);
        if (jar.isEmpty()) {
            return jar;
        }
        Path beside =
                jar.get().resolveSibling(jar.get().getFileName().toString().replaceFirst("\\.jar$", "-sources.jar"));
        return Files.isRegularFile(beside)
                ? Optional.of(beside)
                : fetched.compute(jar.get(), this::fetching).getNow(Optional.empty());
    }

    /** Again where there was nothing: a network may be there by now. */
    private CompletableFuture<Optional<Path>> fetching(Path jar, @Nullable CompletableFuture<Optional<Path>> known) {
        return known != null
                        && (!known.isDone() || known.getNow(Optional.empty()).isPresent())
                ? known
                : fetch(jar);
    }

    private CompletableFuture<Optional<Path>> fetch(Path jar) {
        CompletableFuture<Optional<Path>> sources = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        sources.complete(fetch.apply(jar));
                    } catch (RuntimeException | LinkageError failure) {
                        LOGGER.log(Level.INFO, "The sources of " + jar + " cannot be fetched", failure);
                        sources.complete(Optional.empty());
                    }
                },
                "sources");
        thread.setDaemon(true);
        thread.start();
        return sources;
    }

    /** The jar that a class is from. */
    private static Optional<Path> jar(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        URL location = source == null ? null : source.getLocation();
        if (location == null || !location.getPath().endsWith(".jar")) {
            return Optional.empty();
        }
        try {
            return Optional.of(Path.of(location.toURI()));
        } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException noFile) {
            return Optional.empty(); // a class from elsewhere has no jar
        }
    }

    private static Optional<String> inJar(Path jar, String name) {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            ZipEntry entry = zip.getEntry(name);
            if (entry == null) {
                return Optional.empty();
            }
            try (InputStream source = zip.getInputStream(entry)) {
                return Optional.of(new String(source.readAllBytes(), StandardCharsets.UTF_8));
            }
        } catch (IOException unreadable) {
            LOGGER.log(Level.INFO, "The sources in " + jar + " cannot be read", unreadable);
            return Optional.empty();
        }
    }
}
