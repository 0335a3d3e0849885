package manyjvm.maven;

import eu.maveniverse.maven.mima.context.Context;
import eu.maveniverse.maven.mima.context.ContextOverrides;
import eu.maveniverse.maven.mima.runtime.standalonestatic.StandaloneStaticRuntime;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import manyjvm.kernel.spi.Magic.MagicUsageException;
import org.apache.maven.settings.building.DefaultSettingsBuilderFactory;
import org.apache.maven.settings.building.DefaultSettingsBuildingRequest;
import org.apache.maven.settings.building.SettingsBuildingException;
import org.eclipse.aether.DefaultRepositorySystemSession;
import org.eclipse.aether.RepositorySystem;
import org.eclipse.aether.RepositorySystemSession;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.util.graph.manager.DependencyManagerUtils;
import org.eclipse.aether.util.graph.transformer.ConflictResolver;
import org.jspecify.annotations.Nullable;

/** Maven Resolver with the user's settings. Its connections end when it is closed. */
final class Access implements AutoCloseable {
    /** Milliseconds, where the user's settings say nothing else: a side that is silent for longer is given up. */
    private static final Map<String, Integer> TIMEOUTS =
            Map.of("aether.connector.connectTimeout", 10_000, "aether.connector.requestTimeout", 60_000);

    /** The key under which the transport by HTTP keeps them in a session's cache. */
    private static final String CONNECTIONS = "org.eclipse.aether.transport.http.GlobalState";

    private final Context context;
    private final boolean offline;

    private Access(Context context) {
        this.context = context;
        offline = saysOffline(context);
    }

    /** @param userHome what is {@code ~/.m2} elsewhere, or null */
    static Access open(@Nullable Path userHome) throws MagicUsageException {
        ContextOverrides.Builder overrides = ContextOverrides.create()
                .withUserSettings(true)
                .addRepositoriesOp(ContextOverrides.AddRepositoriesOp.APPEND);
        Map<String, Object> config = new HashMap<>();
        TIMEOUTS.forEach((name, value) -> {
            if (System.getProperty(name) == null) {
                config.put(name, value);
            }
        });
        // A newer snapshot is another file, then: the one that this JVM reads from is not written over.
        config.put("aether.artifactResolver.snapshotNormalization", false);
        config.put(ConflictResolver.CONFIG_PROP_VERBOSE, true);
        config.put(DependencyManagerUtils.CONFIG_PROP_VERBOSE, true);
        overrides.configProperties(config);
        if (userHome != null) {
            overrides.withMavenUserHomeOverride(userHome);
        }
        if (System.getenv("MAVEN_HOME") == null && System.getProperty("maven.home") == null) {
            home().ifPresent(overrides::withMavenSystemHomeOverride);
        }
        try {
            return new Access(new StandaloneStaticRuntime().create(overrides.build()));
        } catch (IllegalStateException | IllegalArgumentException unusable) {
            throw new MagicUsageException("the settings of Maven cannot be used: " + FailureText.innermost(unusable));
        }
    }

    /** That of the {@code mvn} on the path, if there is one: its settings hold for all users of a machine. */
    private static Optional<Path> home() {
        String path = System.getenv("PATH");
        for (String folder : path == null ? new String[0] : path.split(File.pathSeparator)) {
            try {
                Path command = Path.of(folder, "mvn");
                if (Files.isExecutable(command)) {
                    Path home = command.toRealPath().resolve("../..").normalize();
                    return Optional.of(home).filter(one -> Files.exists(one.resolve("conf/settings.xml")));
                }
            } catch (IOException | InvalidPathException noMaven) {
                // Then there are no such settings.
            }
        }
        return Optional.empty();
    }

    RepositorySystem system() {
        return context.repositorySystem();
    }

    /** To be changed at will. */
    DefaultRepositorySystemSession session() {
        DefaultRepositorySystemSession session = new DefaultRepositorySystemSession(context.repositorySystemSession());
        session.setOffline(session.isOffline() || offline);
        return session;
    }

    /** The one setting that the context does not heed. */
    private static boolean saysOffline(Context context) {
        DefaultSettingsBuildingRequest request = new DefaultSettingsBuildingRequest();
        request.setSystemProperties(System.getProperties());
        request.setUserSettingsFile(context.mavenUserHome().settingsXml().toFile());
        if (context.mavenSystemHome() != null) {
            request.setGlobalSettingsFile(
                    context.mavenSystemHome().settingsXml().toFile());
        }
        try {
            return new DefaultSettingsBuilderFactory()
                    .newInstance()
                    .build(request)
                    .getEffectiveSettings()
                    .isOffline();
        } catch (SettingsBuildingException impossible) {
            throw new IllegalStateException("they were read a moment ago", impossible);
        }
    }

    Path localRepository() {
        return context.repositorySystemSession()
                .getLocalRepository()
                .getBasedir()
                .toPath();
    }

    Path settings() {
        return context.mavenUserHome().settingsXml();
    }

    /** The settings' repositories and these, as the settings' mirrors, proxies and passwords have it. */
    List<RemoteRepository> repositories(List<RemoteRepository> more) {
        Map<String, RemoteRepository> byId = new LinkedHashMap<>();
        context.contextOverrides().getRepositories().forEach(one -> byId.put(one.getId(), one));
        more.forEach(one -> byId.put(one.getId(), one));
        return system().newResolutionRepositories(context.repositorySystemSession(), new ArrayList<>(byId.values()));
    }

    /** Also ends transfers that are under way: those who read from a connection heed no interrupt, but see it closed. */
    @Override
    public void close() {
        RepositorySystemSession session = context.repositorySystemSession();
        if (session.getCache() != null
                && session.getCache().get(session, CONNECTIONS) instanceof Closeable connections) {
            try {
                connections.close();
            } catch (IOException ignored) {
                // They end by their timeouts, then.
            }
        }
        context.close();
    }
}
