package manyjvm.maven;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import manyjvm.kernel.spi.IoReason;
import manyjvm.kernel.spi.LibraryResolver.Pom;
import manyjvm.kernel.spi.Magic.MagicUsageException;
import org.apache.maven.model.building.ModelBuildingException;
import org.apache.maven.model.building.ModelProblem;
import org.eclipse.aether.DefaultRepositorySystemSession;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.repository.WorkspaceReader;
import org.eclipse.aether.repository.WorkspaceRepository;
import org.eclipse.aether.resolution.ArtifactDescriptorException;
import org.eclipse.aether.resolution.ArtifactDescriptorRequest;
import org.eclipse.aether.resolution.ArtifactDescriptorResult;
import org.eclipse.aether.util.repository.SimpleArtifactDescriptorPolicy;
import org.jspecify.annotations.Nullable;

/** Reads poms as Maven does: with parents, properties, and what their dependency management imports. */
final class PomReader {
    /** The name by which Maven Resolver asks for the pom that a user gave. */
    private static final Artifact GIVEN = new DefaultArtifact("manyjvm.notebook", "given", "pom", "1");

    private final Access access;
    private final List<RemoteRepository> repositories;
    private final FailureText failures;

    PomReader(Access access, List<RemoteRepository> repositories, FailureText failures) {
        this.access = access;
        this.repositories = repositories;
        this.failures = failures;
    }

    /** What a user's own pom says. */
    ArtifactDescriptorResult read(Pom pom, DefaultRepositorySystemSession session) throws MagicUsageException {
        String whole = PomText.whole(pom.xml());
        try {
            Path file = Files.createTempFile("manyjvm-", ".pom");
            try {
                Files.writeString(file, whole);
                DefaultRepositorySystemSession own = new DefaultRepositorySystemSession(session);
                own.setWorkspaceReader(new Workspace(file, pom.file()));
                return descriptor(GIVEN, own, "the pom");
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException failure) {
            throw new MagicUsageException("the pom cannot be read: " + IoReason.of(failure));
        }
    }

    /** What the pom of a platform says. */
    ArtifactDescriptorResult platform(Artifact artifact, DefaultRepositorySystemSession session)
            throws MagicUsageException {
        return descriptor(artifact, session, Coordinates.text(artifact));
    }

    private ArtifactDescriptorResult descriptor(Artifact artifact, DefaultRepositorySystemSession session, String what)
            throws MagicUsageException {
        DefaultRepositorySystemSession strict = new DefaultRepositorySystemSession(session);
        strict.setArtifactDescriptorPolicy(new SimpleArtifactDescriptorPolicy(false, false));
        try {
            return access.system()
                    .readArtifactDescriptor(strict, new ArtifactDescriptorRequest(artifact, repositories, ""));
        } catch (ArtifactDescriptorException failure) {
            String problem = modelProblem(failure);
            throw new MagicUsageException(
                    problem == null ? failures.of(failure) : what + " cannot be used: " + problem);
        }
    }

    /** What Maven finds wrong in a pom, without the file's name, which is ours; null where nothing was read. */
    private static @Nullable String modelProblem(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof ModelBuildingException model) {
                return model.getProblems().stream()
                        .filter(one -> one.getSeverity() != ModelProblem.Severity.WARNING)
                        .map(one -> one.getMessage())
                        .findFirst()
                        .orElse(model.getMessage());
            }
        }
        return null;
    }

    /** The pom that is in no repository, and its parents that stand beside it as a project has them. */
    private static final class Workspace implements WorkspaceReader {
        private static final int MOST_PARENTS = 20;

        private final WorkspaceRepository name = new WorkspaceRepository("notebook");
        private final Path pom;
        private final Optional<Path> origin;

        /** @param origin where the pom was read from, if it was no cell */
        Workspace(Path pom, Optional<Path> origin) {
            this.pom = pom;
            this.origin = origin;
        }

        @Override
        public WorkspaceRepository getRepository() {
            return name;
        }

        @Override
        public @Nullable File findArtifact(Artifact artifact) {
            if (artifact.getGroupId().equals(GIVEN.getGroupId())
                    && artifact.getArtifactId().equals(GIVEN.getArtifactId())) {
                return pom.toFile();
            }
            if (!artifact.getExtension().equals("pom")) {
                return null;
            }
            Path at = origin.orElse(null);
            for (int i = 0; i < MOST_PARENTS && at != null; i++) {
                Optional<PomText.Parent> parent = parent(at);
                Path file = parent.isPresent() ? file(at, parent.get().path()) : null;
                if (file != null
                        && parent.get().group().equals(artifact.getGroupId())
                        && parent.get().artifact().equals(artifact.getArtifactId())) {
                    return file.toFile();
                }
                at = file;
            }
            return null;
        }

        private static Optional<PomText.Parent> parent(Path pom) {
            try {
                return PomText.parent(Files.readString(pom));
            } catch (IOException | MagicUsageException unreadable) {
                return Optional.empty();
            }
        }

        private static @Nullable Path file(Path pom, String path) {
            if (path.isEmpty()) {
                return null;
            }
            Path found = pom.resolveSibling(path).normalize();
            Path file = Files.isDirectory(found) ? found.resolve("pom.xml") : found;
            return Files.isRegularFile(file) ? file : null;
        }

        @Override
        public List<String> findVersions(Artifact artifact) {
            return List.of();
        }
    }
}
