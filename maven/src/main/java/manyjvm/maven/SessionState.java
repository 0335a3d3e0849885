package manyjvm.maven;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.graph.Dependency;
import org.eclipse.aether.repository.RemoteRepository;

/**
 * What a session has of libraries. Never changed; each request that comes off makes a new one.
 *
 * @param asked what was asked for, in order
 * @param platforms the versions that platforms and poms give, by {@link Coordinates#key}
 * @param repositories those that the session has added, by id
 * @param inForce what is on the class path, by key
 */
record SessionState(
        List<Asked> asked,
        Map<String, Dependency> platforms,
        Map<String, RemoteRepository> repositories,
        Map<String, InForce> inForce) {

    static final SessionState EMPTY = new SessionState(List.of(), Map.of(), Map.of(), Map.of());

    /** @param by as users call it: {@code In[3]} */
    record Asked(String by, Dependency dependency) {}

    /**
     * @param artifact with its version
     * @param file what was found, a jar or not
     * @param by as users call it: {@code In[3]}
     * @param through what was asked for that needs it; empty when it was asked for itself
     */
    record InForce(Artifact artifact, Path file, String by, Optional<Artifact> through) {
        String version() {
            return artifact.getBaseVersion();
        }

        /** {@code In[3]}, {@code In[3] for g:a}. */
        String why() {
            return by + through.map(one -> " for " + Coordinates.name(one)).orElse("");
        }
    }

    SessionState {
        asked = List.copyOf(asked);
        platforms = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(platforms));
        repositories = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(repositories));
        inForce = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(inForce));
    }

    List<RemoteRepository> added() {
        return new ArrayList<>(repositories.values());
    }

    SessionState withRepository(RemoteRepository one) {
        Map<String, RemoteRepository> more = new LinkedHashMap<>(repositories);
        more.put(one.getId(), one);
        return new SessionState(asked, platforms, more, inForce);
    }
}
