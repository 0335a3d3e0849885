package manyjvm.maven;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import manyjvm.maven.SessionState.InForce;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.graph.Dependency;
import org.eclipse.aether.graph.DependencyNode;
import org.eclipse.aether.util.artifact.JavaScopes;
import org.eclipse.aether.util.graph.manager.DependencyManagerUtils;
import org.eclipse.aether.util.graph.transformer.ConflictResolver;

/**
 * What Maven Resolver has found to belong together: of each library the one version that won, and where something new was made
 * for a newer version than the one in force.
 */
final class Graph {
    private static final Set<String> AT_RUN_TIME = Set.of("", JavaScopes.COMPILE, JavaScopes.RUNTIME);

    private final Map<String, InForce> inForce;
    private final Map<String, Dependency> platforms;
    private final Map<String, Place> winners = new LinkedHashMap<>();
    private final Map<String, Other> others = new LinkedHashMap<>();

    /**
     * A library in the graph.
     *
     * @param root what was asked for that led to it
     * @param isRoot whether it was asked for itself
     * @param isNew whether that was asked for just now
     */
    record Place(DependencyNode node, Artifact root, boolean isRoot, boolean isNew) {}

    /**
     * A newer version than the one in force.
     *
     * @param by who was made for it
     */
    private record Other(InForce known, String version, Artifact by) {}

    /**
     * Reads a graph whose losers are still in it.
     *
     * @param roots what was asked for, in order
     * @param first the index of the first that was asked for just now
     * @param platforms the versions that platforms give, which are stronger than what poms say
     */
    Graph(List<DependencyNode> roots, int first, Map<String, InForce> inForce, Map<String, Dependency> platforms) {
        this.inForce = inForce;
        this.platforms = platforms;
        for (int i = 0; i < roots.size(); i++) {
            Artifact root = roots.get(i).getArtifact();
            add(new Place(roots.get(i), root, true, i >= first), root);
        }
    }

    private void add(Place place, Artifact parent) {
        DependencyNode node = place.node();
        if (!AT_RUN_TIME.contains(node.getDependency().getScope())) {
            return;
        }
        Artifact artifact = node.getArtifact();
        InForce known = inForce.get(Coordinates.key(artifact));
        if (known != null && place.isNew() && !place.isRoot()) {
            String version = askedVersion(node);
            if (Versions.isNewer(version, known.version())) {
                others.merge(
                        Coordinates.key(artifact),
                        new Other(known, version, parent),
                        (one, other) -> Versions.isNewer(other.version(), one.version()) ? other : one);
            }
        }
        if (node.getData().containsKey(ConflictResolver.NODE_DATA_WINNER)) {
            return;
        }
        if (winners.putIfAbsent(Coordinates.key(artifact), place) != null) {
            return; // libraries may need each other
        }
        for (DependencyNode child : node.getChildren()) {
            add(new Place(child, place.root(), false, place.isNew()), artifact);
        }
    }

    private String askedVersion(DependencyNode node) {
        Dependency managed = platforms.get(Coordinates.key(node.getArtifact()));
        if (managed != null) {
            return managed.getArtifact().getVersion();
        }
        String own = DependencyManagerUtils.getPremanagedVersion(node);
        return own == null ? node.getArtifact().getBaseVersion() : own;
    }

    /** What belongs on the class path, one of each library, in order. */
    Collection<Place> winners() {
        return winners.values();
    }

    /** Where something new was made for a newer version than the one in force. */
    List<String> notes() {
        List<String> notes = new ArrayList<>();
        for (Other one : others.values()) {
            InForce known = one.known();
            String name = Coordinates.name(known.artifact());
            notes.add(name + " stays " + known.version() + ", which is on the class path since " + known.why() + "; "
                    + Coordinates.name(one.by()) + " was made for " + one.version() + ". If that does not fit, add "
                    + name
                    + ":" + one.version() + " before " + known.by() + ", restart the kernel and run the cells again.");
        }
        return notes;
    }
}
