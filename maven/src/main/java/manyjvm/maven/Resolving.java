package manyjvm.maven;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import manyjvm.kernel.spi.LibraryResolver.Request;
import manyjvm.kernel.spi.LibraryResolver.Resolution;
import manyjvm.kernel.spi.LibraryResolver.Transfers;
import manyjvm.kernel.spi.Magic.MagicUsageException;
import manyjvm.maven.SessionState.Asked;
import manyjvm.maven.SessionState.InForce;
import org.eclipse.aether.AbstractRepositoryListener;
import org.eclipse.aether.DefaultRepositorySystemSession;
import org.eclipse.aether.RepositoryEvent;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.collection.CollectRequest;
import org.eclipse.aether.collection.DependencyCollectionException;
import org.eclipse.aether.graph.Dependency;
import org.eclipse.aether.graph.DependencyNode;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.repository.RepositoryPolicy;
import org.eclipse.aether.resolution.ArtifactDescriptorResult;
import org.eclipse.aether.resolution.ArtifactRequest;
import org.eclipse.aether.resolution.ArtifactResolutionException;
import org.eclipse.aether.resolution.ArtifactResult;
import org.eclipse.aether.resolution.VersionRangeRequest;
import org.eclipse.aether.resolution.VersionRangeResolutionException;
import org.eclipse.aether.resolution.VersionRangeResult;
import org.eclipse.aether.resolution.VersionRequest;
import org.eclipse.aether.resolution.VersionResolutionException;
import org.eclipse.aether.util.artifact.JavaScopes;
import org.eclipse.aether.util.artifact.SubArtifact;
import org.eclipse.aether.util.repository.SimpleArtifactDescriptorPolicy;

/**
 * One request, resolved together with all that the session asked for before it.
 *
 * <p><b>One version of each library.</b> A JVM cannot exchange a jar that is on its class path. So what is in force goes into the
 * resolution as managed versions: what comes later is found to fit them, and nothing is added that only another version would need.
 * Where the new request would have had a newer version, or names another one itself, a note says which one stays, and why.
 * Among what is new, Maven's own rule holds: the nearest, then the first.
 */
final class Resolving {
    private static final Pattern POM_PACKAGING = Pattern.compile("<packaging>\\s*pom\\s*</packaging>");
    private static final int VERSIONS_NAMED = 8;

    private final Access access;
    private final SessionState before;
    private final Request request;
    private final DefaultRepositorySystemSession session;
    private final Set<String> notes = Collections.synchronizedSet(new LinkedHashSet<>());

    /** As it grows: a pom may bring repositories and platforms. */
    private SessionState state;

    private List<RemoteRepository> repositories;
    private FailureText failures;

    Resolving(Access access, SessionState before, Request request, Transfers transfers) {
        this.access = access;
        this.before = before;
        this.request = request;
        this.state = before;
        this.repositories = access.repositories(before.added());
        this.failures = failures();
        session = access.session();
        session.setTransferListener(new Downloads(transfers));
        // A jar may be there without a pom; that it has none is told, as is a broken one.
        session.setArtifactDescriptorPolicy(new SimpleArtifactDescriptorPolicy(true, true));
        session.setRepositoryListener(new Poms());
        if (request.update()) {
            session.setUpdatePolicy(RepositoryPolicy.UPDATE_POLICY_ALWAYS);
        }
    }

    private FailureText failures() {
        return new FailureText(repositories, access.localRepository(), access.settings());
    }

    /**
     * @param present what the session has at any time
     * @param keep gets what it has from then on
     */
    Resolution resolve(Supplier<SessionState> present, Consumer<SessionState> keep) throws MagicUsageException {
        List<Dependency> wanted = new ArrayList<>();
        for (String platform : request.platforms()) {
            readPlatform(platform);
        }
        if (request.pom().isPresent()) {
            wanted.addAll(readPom());
        }
        for (String library : request.libraries()) {
            wanted.add(new Dependency(Coordinates.parse(library, session), JavaScopes.COMPILE));
        }
        refuseTwice(wanted);
        List<Dependency> roots = new ArrayList<>();
        for (Asked asked : before.asked()) {
            roots.add(asked.dependency());
        }
        int first = roots.size();
        for (Dependency one : wanted) {
            roots.add(versioned(one));
        }
        List<DependencyNode> nodes = wanted.isEmpty() ? List.of() : collect(roots);
        Graph graph = new Graph(nodes, first, before.inForce(), state.platforms());
        Map<String, InForce> inForce = new LinkedHashMap<>(before.inForce());
        List<Path> added = get(graph.winners(), inForce, roots.subList(first, roots.size()));
        notes.addAll(graph.notes());
        List<Asked> asked = new ArrayList<>(before.asked());
        for (Dependency one : roots.subList(first, roots.size())) {
            if (asked.stream().noneMatch(known -> key(known.dependency()).equals(key(one)))) {
                asked.add(new Asked(request.by(), settled(one, inForce)));
            }
        }
        SessionState after = new SessionState(asked, state.platforms(), state.repositories(), inForce);
        List<String> said = List.copyOf(notes);
        return new Resolution() {
            @Override
            public List<Path> added() {
                return added;
            }

            @Override
            public List<String> notes() {
                return said;
            }

            @Override
            public boolean isCurrent() {
                return before.equals(present.get());
            }

            @Override
            public void keep() {
                keep.accept(after);
            }
        };
    }

    // ---- what is asked for

    private void readPlatform(String text) throws MagicUsageException {
        Artifact artifact = Coordinates.parse(text, session);
        if (artifact.getVersion().isEmpty()) {
            throw new MagicUsageException("a platform needs a version: --bom " + text + ":VERSION");
        }
        Artifact pom = new DefaultArtifact(
                artifact.getGroupId(),
                artifact.getArtifactId(),
                "pom",
                newest(artifact).getVersion());
        ArtifactDescriptorResult read = new PomReader(access, repositories, failures).platform(pom, session);
        if (read.getManagedDependencies().isEmpty()) {
            notes.add(Coordinates.text(artifact) + " gives no versions: it has no dependencyManagement");
        }
        manage(read.getManagedDependencies(), text);
    }

    /** What platforms that came first say holds, as in Maven. */
    private void manage(List<Dependency> managed, String by) {
        Map<String, Dependency> platforms = new LinkedHashMap<>(state.platforms());
        List<String> others = new ArrayList<>();
        for (Dependency one : managed) {
            Dependency known = platforms.putIfAbsent(key(one), one);
            if (known != null
                    && !known.getArtifact()
                            .getVersion()
                            .equals(one.getArtifact().getVersion())) {
                others.add(Coordinates.text(known.getArtifact()));
            }
        }
        if (!others.isEmpty()) {
            notes.add("versions of an earlier platform stay, where " + by + " gives others: " + some(others));
        }
        state = new SessionState(state.asked(), platforms, state.repositories(), state.inForce());
    }

    private List<Dependency> readPom() throws MagicUsageException {
        ArtifactDescriptorResult read =
                new PomReader(access, repositories, failures).read(request.pom().orElseThrow(), session);
        for (RemoteRepository one : read.getRepositories()) {
            // Those of the settings come with each pom.
            if (repositories.stream()
                    .noneMatch(known -> known.getId().equals(one.getId())
                            || known.getMirroredRepositories().stream()
                                    .anyMatch(mirrored -> mirrored.getId().equals(one.getId())))) {
                state = state.withRepository(one);
            }
        }
        repositories = access.repositories(state.added());
        failures = failures();
        manage(read.getManagedDependencies(), "the pom");
        List<Dependency> wanted = new ArrayList<>();
        Map<String, List<String>> passedOver = new LinkedHashMap<>();
        for (Dependency one : read.getDependencies()) {
            String scope = one.getScope().isEmpty() ? JavaScopes.COMPILE : one.getScope();
            if (request.scopes().contains(scope)) {
                wanted.add(one.setScope(JavaScopes.COMPILE));
            } else {
                passedOver.computeIfAbsent(scope, name -> new ArrayList<>()).add(Coordinates.name(one.getArtifact()));
            }
        }
        passedOver.forEach((scope, names) ->
                notes.add("not added, being of scope " + scope + ": " + some(names) + systemPath(scope)));
        if (read.getDependencies().isEmpty()) {
            notes.add("the pom has no dependencies");
        }
        return wanted;
    }

    private static String systemPath(String scope) {
        return scope.equals(JavaScopes.SYSTEM) ? "; %classpath adds a jar by its path" : "";
    }

    private static void refuseTwice(List<Dependency> wanted) throws MagicUsageException {
        Map<String, Artifact> seen = new LinkedHashMap<>();
        for (Dependency one : wanted) {
            Artifact other = seen.put(key(one), one.getArtifact());
            if (other != null && !other.getVersion().equals(one.getArtifact().getVersion())) {
                throw new MagicUsageException(
                        Coordinates.name(other) + " is asked for twice, with " + other.getVersion() + " and "
                                + one.getArtifact().getVersion() + ": only one can be on the class path");
            }
        }
    }

    /** The version in force, if there is one; else the one asked for, or that of a platform. */
    private Dependency versioned(Dependency one) throws MagicUsageException {
        Artifact artifact = one.getArtifact();
        InForce known = before.inForce().get(key(one));
        Artifact meant = artifact;
        if (artifact.getVersion().isEmpty() && known == null) {
            Dependency managed = state.platforms().get(key(one));
            if (managed == null) {
                throw new MagicUsageException(Coordinates.name(artifact) + " needs a version, as in "
                        + Coordinates.name(artifact) + ":" + newestOr(artifact, "1.0")
                        + (state.platforms().isEmpty() ? "" : "; none of the platforms of this session gives it one"));
            }
            meant = artifact.setVersion(managed.getArtifact().getVersion());
        }
        if (known == null) {
            return one.setArtifact(newest(meant));
        }
        if (!artifact.getVersion().isEmpty()) {
            noteStays(
                    known,
                    Coordinates.isNewest(artifact.getVersion())
                            ? newest(artifact).getVersion()
                            : artifact.getVersion());
        }
        return one.setArtifact(meant.setVersion(known.version()));
    }

    private void noteStays(InForce known, String asked) {
        if (Versions.fits(known.version(), asked)) {
            if (request.update() && known.artifact().isSnapshot()) {
                notes.add(Coordinates.text(known.artifact()) + " stays as " + known.why()
                        + " has loaded it: a newer snapshot takes a restart of the kernel");
            }
            return;
        }
        String cure = known.through().isEmpty()
                ? "For " + asked + ", write that version in " + known.by()
                        + ", restart the kernel and run the cells again."
                : "For " + asked + ", restart the kernel and run this line before " + known.by() + ".";
        notes.add(Coordinates.name(known.artifact()) + " stays " + known.version()
                + ", which is on the class path since " + known.why() + "; a running JVM cannot exchange it. " + cure);
    }

    /** What LATEST and RELEASE stand for. */
    private Artifact newest(Artifact artifact) throws MagicUsageException {
        if (!Coordinates.isNewest(artifact.getVersion())) {
            return artifact;
        }
        try {
            String version = access.system()
                    .resolveVersion(session, new VersionRequest(artifact, repositories, ""))
                    .getVersion();
            return artifact.setVersion(version);
        } catch (VersionResolutionException failure) {
            throw new MagicUsageException(failures.of(failure));
        }
    }

    private String newestOr(Artifact artifact, String otherwise) {
        List<String> all = versions(artifact);
        return all.isEmpty() ? otherwise : all.get(all.size() - 1);
    }

    /** All versions that the repositories know, in order. */
    private List<String> versions(Artifact artifact) {
        try {
            VersionRangeResult range = access.system()
                    .resolveVersionRange(
                            session, new VersionRangeRequest(artifact.setVersion("[0,)"), repositories, ""));
            return range.getVersions().stream().map(Object::toString).toList();
        } catch (VersionRangeResolutionException unknown) {
            return List.of();
        }
    }

    // ---- what belongs to it

    private List<DependencyNode> collect(List<Dependency> roots) throws MagicUsageException {
        Map<String, Dependency> managed = new LinkedHashMap<>();
        before.inForce()
                .forEach((key, one) ->
                        managed.put(key, new Dependency(one.artifact().setVersion(one.version()), "")));
        state.platforms().forEach(managed::putIfAbsent);
        CollectRequest collect = new CollectRequest(roots, new ArrayList<>(managed.values()), repositories);
        try {
            return access.system()
                    .collectDependencies(session, collect)
                    .getRoot()
                    .getChildren();
        } catch (DependencyCollectionException failure) {
            throw new MagicUsageException(failures.of(failure));
        }
    }

    // ---- the files

    private List<Path> get(Collection<Graph.Place> winners, Map<String, InForce> inForce, List<Dependency> wanted)
            throws MagicUsageException {
        List<Graph.Place> missing = winners.stream()
                .filter(place ->
                        !inForce.containsKey(Coordinates.key(place.node().getArtifact())))
                .toList();
        List<ArtifactRequest> requests = new ArrayList<>();
        missing.forEach(place -> requests.add(new ArtifactRequest(place.node())));
        List<ArtifactResult> results = results(requests);
        List<Path> added = new ArrayList<>();
        Set<String> brought = new LinkedHashSet<>();
        for (int i = 0; i < missing.size(); i++) {
            Artifact artifact = results.get(i).getArtifact();
            Path file = artifact.getFile().toPath();
            Graph.Place place = missing.get(i);
            Optional<Artifact> through = place.isRoot() ? Optional.empty() : Optional.of(place.root());
            inForce.put(Coordinates.key(artifact), new InForce(artifact, file, request.by(), through));
            if (artifact.getExtension().equals("jar")) {
                added.add(file);
            } else if (!artifact.getExtension().equals("pom")) {
                notes.add(Coordinates.text(artifact) + " is no jar: it is at " + file + ", and not on the class path");
            }
            if (!place.isRoot()) {
                brought.add(Coordinates.key(place.root()));
            }
            if (!place.node().getRelocations().isEmpty() && place.isRoot()) {
                notes.add(Coordinates.name(
                                place.node().getRelocations().iterator().next()) + " is now called "
                        + Coordinates.name(artifact));
            }
        }
        for (Dependency one : wanted) {
            Artifact artifact = one.getArtifact();
            if (artifact.getExtension().equals("pom") && !brought.contains(key(one))) {
                notes.add(Coordinates.text(artifact) + " brings no jar: it only names versions of others, or is their"
                        + " parent. %maven --bom " + artifact.getGroupId() + ":" + artifact.getArtifactId() + ":"
                        + artifact.getVersion() + " takes versions from it");
            }
        }
        return added;
    }

    private List<ArtifactResult> results(List<ArtifactRequest> requests) throws MagicUsageException {
        try {
            return access.system().resolveArtifacts(session, requests);
        } catch (ArtifactResolutionException failure) {
            for (ArtifactResult result : failure.getResults()) {
                Artifact artifact = result.getRequest().getArtifact();
                if (!result.isResolved()
                        && artifact.getExtension().equals("jar")
                        && artifact.getClassifier().isEmpty()
                        && isPomAlone(artifact)) {
                    throw new MagicUsageException(Coordinates.text(artifact)
                            + " is a pom without a jar: GROUP:ARTIFACT:pom:VERSION adds what it depends on, --bom "
                            + Coordinates.text(artifact) + " takes versions from it");
                }
            }
            throw new MagicUsageException(failures.of(failure) + knownVersions(failure.getResults()));
        }
    }

    private boolean isPomAlone(Artifact artifact) {
        try {
            Path pom = access.system()
                    .resolveArtifact(
                            session, new ArtifactRequest(new SubArtifact(artifact, "", "pom"), repositories, ""))
                    .getArtifact()
                    .getFile()
                    .toPath();
            return POM_PACKAGING.matcher(Files.readString(pom)).find();
        } catch (ArtifactResolutionException | IOException noPom) {
            return false;
        }
    }

    /** For a version that nobody has: which there are. */
    private String knownVersions(List<ArtifactResult> results) {
        for (ArtifactResult result : results) {
            if (!result.isResolved() && result.isMissing()) {
                List<String> all = versions(result.getRequest().getArtifact());
                String wanted = result.getRequest().getArtifact().getBaseVersion();
                if (!all.isEmpty() && !all.contains(wanted)) {
                    List<String> last = all.subList(Math.max(0, all.size() - VERSIONS_NAMED), all.size());
                    return "; the newest versions are " + String.join(", ", last);
                }
            }
        }
        return "";
    }

    /** What a range or a name has come to. */
    private static Dependency settled(Dependency one, Map<String, InForce> inForce) {
        InForce known = inForce.get(key(one));
        return known == null ? one : one.setArtifact(one.getArtifact().setVersion(known.version()));
    }

    private static String key(Dependency one) {
        return Coordinates.key(one.getArtifact());
    }

    private static String some(List<String> names) {
        return names.stream().limit(5).collect(Collectors.joining(", "))
                + (names.size() > 5 ? " and " + (names.size() - 5) + " more" : "");
    }

    /** Poms that are missing or cannot be read cost what the library depends on, which must not go unsaid. */
    private final class Poms extends AbstractRepositoryListener {
        @Override
        public void artifactDescriptorInvalid(RepositoryEvent event) {
            say(event.getArtifact(), "has a pom that cannot be read");
        }

        @Override
        public void artifactDescriptorMissing(RepositoryEvent event) {
            say(event.getArtifact(), "has no pom");
        }

        private void say(Artifact artifact, String what) {
            synchronized (notes) {
                notes.add(Coordinates.text(artifact) + " " + what
                        + ": what it depends on is not known, and was not added");
            }
        }
    }
}
