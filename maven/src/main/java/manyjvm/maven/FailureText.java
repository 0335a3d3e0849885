package manyjvm.maven;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import org.apache.http.client.HttpResponseException;
import org.apache.http.conn.ConnectTimeoutException;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.collection.UnsolvableVersionConflictException;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.resolution.ArtifactRequest;
import org.eclipse.aether.resolution.ArtifactResolutionException;
import org.eclipse.aether.resolution.ArtifactResult;
import org.eclipse.aether.resolution.VersionRangeResolutionException;
import org.eclipse.aether.resolution.VersionResolutionException;
import org.eclipse.aether.transfer.ArtifactNotFoundException;
import org.eclipse.aether.transfer.ArtifactTransferException;
import org.eclipse.aether.transfer.MetadataNotFoundException;
import org.eclipse.aether.transfer.MetadataTransferException;
import org.eclipse.aether.transfer.RepositoryOfflineException;
import org.jspecify.annotations.Nullable;

/** Why a library cannot be had, in words: what, where it was looked for, and what to do. */
final class FailureText {
    private static final int NAMED = 3;

    private final List<RemoteRepository> asked;
    private final Path localRepository;
    private final Path settings;

    FailureText(List<RemoteRepository> asked, Path localRepository, Path settings) {
        this.asked = asked;
        this.localRepository = localRepository;
        this.settings = settings;
    }

    String of(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof ArtifactResolutionException unresolved) {
                return unresolved(unresolved.getResults(), unresolved);
            }
            if (at instanceof VersionRangeResolutionException range) {
                return noVersion(
                        range.getResult().getRequest().getArtifact(),
                        range.getResult().getExceptions());
            }
            if (at instanceof VersionResolutionException version) {
                return noVersion(
                        version.getResult().getRequest().getArtifact(),
                        version.getResult().getExceptions());
            }
            if (at instanceof UnsolvableVersionConflictException conflict) {
                return "these libraries cannot be together: " + innermost(conflict);
            }
        }
        return "cannot find what was asked for: " + innermost(failure);
    }

    /** The repositories asked, as one text. */
    String repositories() {
        return asked.stream().map(FailureText::name).collect(Collectors.joining(", "));
    }

    static String name(RemoteRepository repository) {
        return repository.getId() + " (" + repository.getUrl() + ")";
    }

    private String unresolved(List<ArtifactResult> results, Throwable failure) {
        List<ArtifactResult> missing =
                results.stream().filter(result -> !result.isResolved()).toList();
        if (missing.isEmpty()) {
            return "cannot get what was asked for: " + innermost(failure);
        }
        String what = missing.stream()
                .limit(NAMED)
                .map(result -> Coordinates.text(result.getRequest().getArtifact()))
                .collect(Collectors.joining(", "));
        if (missing.size() > NAMED) {
            what += " and " + (missing.size() - NAMED) + " more";
        }
        List<Exception> reasons = new ArrayList<>();
        missing.forEach(result -> reasons.addAll(result.getExceptions()));
        ArtifactRequest first = missing.get(0).getRequest();
        boolean noSnapshots = first.getArtifact().isSnapshot() && asked.stream().noneMatch(FailureText::hasSnapshots);
        return "cannot get " + what + ": " + why(reasons, first.getRepositories())
                + (noSnapshots ? "; none of them has snapshots: %mavenRepo adds one that has" : "");
    }

    private static boolean hasSnapshots(RemoteRepository one) {
        return one.getMirroredRepositories().isEmpty()
                ? one.getPolicy(true).isEnabled()
                : one.getMirroredRepositories().stream().anyMatch(FailureText::hasSnapshots);
    }

    private String noVersion(Artifact artifact, List<Exception> reasons) {
        Set<String> trouble = new LinkedHashSet<>();
        for (Exception reason : reasons) {
            trouble(reason).ifPresent(trouble::add);
        }
        String what = artifact.getVersion().isEmpty() ? "" : " " + artifact.getVersion();
        return "no version" + what + " of " + Coordinates.name(artifact)
                + (trouble.isEmpty()
                        ? " is in any of the repositories asked: " + repositories()
                        : " was found: " + String.join("; ", trouble));
    }

    private String why(List<Exception> reasons, List<RemoteRepository> whereAsked) {
        Set<String> trouble = new LinkedHashSet<>();
        Set<String> without = new LinkedHashSet<>();
        for (Exception reason : reasons) {
            Optional<String> one = trouble(reason);
            one.ifPresent(trouble::add);
            if (one.isEmpty()
                    && reason instanceof ArtifactNotFoundException notFound
                    && notFound.getRepository() != null) {
                without.add(name(notFound.getRepository()));
            }
        }
        if (trouble.isEmpty()) {
            String where = whereAsked.isEmpty()
                    ? repositories()
                    : whereAsked.stream().map(FailureText::name).collect(Collectors.joining(", "));
            return "it is in none of the repositories asked: "
                    + (without.isEmpty() ? where : String.join(", ", without));
        }
        return String.join("; ", trouble) + (without.isEmpty() ? "" : "; not in " + String.join(", ", without));
    }

    /** What kept a repository from answering; empty where it answered that it has no such thing. */
    private Optional<String> trouble(Exception reason) {
        if (reason instanceof RepositoryOfflineException || reason.getCause() instanceof RepositoryOfflineException) {
            return Optional.of(settings + " says offline: only what is in " + localRepository + " can be added");
        }
        if (reason instanceof ArtifactNotFoundException || reason instanceof MetadataNotFoundException) {
            return Optional.empty();
        }
        RemoteRepository from = reason instanceof ArtifactTransferException transfer
                ? transfer.getRepository()
                : reason instanceof MetadataTransferException metadata ? metadata.getRepository() : null;
        return from == null ? Optional.empty() : Optional.of(name(from) + " " + trouble(from, innermostOf(reason)));
    }

    private String trouble(RemoteRepository from, Throwable cause) {
        if (cause instanceof UnknownHostException) {
            return "cannot be reached (unknown host " + host(cause, from) + "); without a network only what is in "
                    + localRepository + " can be added";
        }
        if (cause instanceof ConnectTimeoutException || cause instanceof NoRouteToHostException) {
            return "cannot be reached (no connection); without a network only what is in " + localRepository
                    + " can be added";
        }
        if (cause instanceof ConnectException) {
            return "cannot be reached (connection refused"
                    + (from.getProxy() == null
                            ? ""
                            : " by the proxy " + from.getProxy().getHost() + ":"
                                    + from.getProxy().getPort())
                    + ")";
        }
        if (cause instanceof SocketTimeoutException) {
            return "has stopped answering";
        }
        if (cause instanceof SSLException) {
            return "is not trusted: " + cause.getMessage();
        }
        if (cause instanceof HttpResponseException refused) {
            return switch (refused.getStatusCode()) {
                case 401, 403 ->
                    "refuses access (" + refused.getStatusCode() + "): user and password for it are those of <server> "
                            + from.getId() + " in " + settings;
                case 407 -> "cannot be reached: the proxy wants a user and password, in <proxy> in " + settings;
                default -> "fails (" + refused.getStatusCode() + ")";
            };
        }
        return "fails: " + text(cause);
    }

    private static String host(Throwable unknown, RemoteRepository from) {
        String message = unknown.getMessage();
        return message == null ? from.getHost() : message.replaceFirst(":.*", "");
    }

    static String innermost(Throwable failure) {
        return text(innermostOf(failure));
    }

    private static Throwable innermostOf(Throwable failure) {
        Throwable at = failure;
        for (Throwable cause = at.getCause(); cause != null && cause != at; cause = at.getCause()) {
            at = cause;
        }
        return at;
    }

    private static String text(Throwable failure) {
        @Nullable String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.toString() : message.strip();
    }
}
