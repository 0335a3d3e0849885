package manyjvm.maven;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import manyjvm.kernel.spi.LibraryResolver;
import manyjvm.kernel.spi.Magic.MagicUsageException;
import manyjvm.maven.SessionState.InForce;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.repository.RepositoryPolicy;
import org.eclipse.aether.resolution.ArtifactRequest;
import org.eclipse.aether.resolution.ArtifactResolutionException;
import org.eclipse.aether.util.artifact.SubArtifact;
import org.jspecify.annotations.Nullable;

/** The libraries of one session, by Maven Resolver and the user's settings. May be used from any thread. */
public final class SessionResolver implements LibraryResolver {
    private static final Set<String> SCHEMES = Set.of("https", "http", "file");

    // Guarded by this object's lock, which nobody holds while he waits for a network.
    private @Nullable Access access;
    private SessionState state = SessionState.EMPTY;

    private final @Nullable Path userHome;

    /** A session without libraries. Reads nothing yet. */
    public SessionResolver() {
        this(null);
    }

    /** @param userHome what is {@code ~/.m2} elsewhere, or null */
    SessionResolver(@Nullable Path userHome) {
        this.userHome = userHome;
    }

    private synchronized Access access() throws MagicUsageException {
        Access open = access;
        if (open == null) {
            open = Access.open(userHome);
            access = open;
        }
        return open;
    }

    private synchronized SessionState state() {
        return state;
    }

    private synchronized void keep(SessionState next) {
        state = next;
    }

    @Override
    public Resolution resolve(Request request, Transfers transfers) throws MagicUsageException {
        return new Resolving(access(), state(), request, transfers).resolve(this::state, this::keep);
    }

    @Override
    public void addRepository(String id, String url) throws MagicUsageException {
        RepositoryPolicy policy =
                new RepositoryPolicy(true, RepositoryPolicy.UPDATE_POLICY_DAILY, RepositoryPolicy.CHECKSUM_POLICY_WARN);
        if (!id.matches("[\\w.-]+")) {
            throw new MagicUsageException(
                    "'" + id + "' cannot name a repository: take letters, digits, '-', '_' and '.'");
        }
        RemoteRepository repository = new RemoteRepository.Builder(id, "default", url(url))
                .setPolicy(policy)
                .build();
        synchronized (this) {
            state = state.withRepository(repository);
        }
    }

    private static String url(String text) throws MagicUsageException {
        try {
            URI uri = new URI(text);
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            if (SCHEMES.contains(scheme)) {
                return text;
            }
            if (scheme.length() > 1) {
                throw new MagicUsageException(
                        text + " is no place for libraries: give https:, http:, file: or a folder");
            }
        } catch (URISyntaxException notAUri) {
            // A path, then: it may have blanks.
        }
        try {
            String inHome = text.startsWith("~/") ? System.getProperty("user.home") + text.substring(1) : text;
            Path folder = Path.of(inHome).toAbsolutePath().normalize();
            if (Files.isDirectory(folder)) {
                return folder.toUri().toString();
            }
            throw new MagicUsageException("there is no folder " + folder + ": give https:, http:, file: or a folder");
        } catch (InvalidPathException failure) {
            throw new MagicUsageException(text + " is neither a URL nor a folder: " + failure.getMessage());
        }
    }

    @Override
    public List<String> repositories() throws MagicUsageException {
        return access().repositories(state().added()).stream()
                .map(one -> one.getId() + " " + one.getUrl()
                        + (one.getMirroredRepositories().isEmpty()
                                ? ""
                                : " in the place of " + ids(one.getMirroredRepositories()))
                        + (one.getProxy() == null
                                ? ""
                                : " by the proxy " + one.getProxy().getHost() + ":"
                                        + one.getProxy().getPort()))
                .toList();
    }

    private static String ids(List<RemoteRepository> repositories) {
        return String.join(
                ", ", repositories.stream().map(RemoteRepository::getId).toList());
    }

    @Override
    public List<String> libraries() {
        return state().inForce().values().stream()
                .map(one -> Coordinates.text(one.artifact()) + "   " + one.why())
                .toList();
    }

    @Override
    public List<String> complete(String word) {
        try {
            return new KnownArtifacts(access().localRepository()).complete(word);
        } catch (MagicUsageException noSettings) {
            return List.of();
        }
    }

    @Override
    public Optional<Path> sources(Path jar) {
        SessionState now = state();
        for (InForce one : now.inForce().values()) {
            if (one.file().equals(jar)) {
                return sources(one.artifact(), now);
            }
        }
        return Optional.empty();
    }

    private Optional<Path> sources(Artifact artifact, SessionState now) {
        try {
            Access open = access();
            Artifact sources = new SubArtifact(artifact, "sources", "jar");
            ArtifactRequest request = new ArtifactRequest(sources, open.repositories(now.added()), "");
            return Optional.of(open.system()
                    .resolveArtifact(open.session(), request)
                    .getArtifact()
                    .getFile()
                    .toPath());
        } catch (ArtifactResolutionException | MagicUsageException | IllegalStateException none) {
            return Optional.empty(); // the last: it was closed meanwhile, as a stop does
        }
    }

    @Override
    public synchronized void close() {
        Access open = access;
        access = null;
        if (open != null) {
            open.close();
        }
    }
}
