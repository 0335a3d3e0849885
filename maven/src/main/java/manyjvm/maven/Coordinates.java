package manyjvm.maven;

import java.util.Locale;
import java.util.regex.Pattern;
import manyjvm.kernel.spi.Magic.MagicUsageException;
import org.eclipse.aether.RepositorySystemSession;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.artifact.ArtifactType;
import org.eclipse.aether.artifact.DefaultArtifact;

/** The text of coordinates: {@code group:artifact:version}, with type and classifier before the version as Maven writes them. */
final class Coordinates {
    private static final Pattern NAME = Pattern.compile("[\\w.-]+");
    private static final Pattern VERSION = Pattern.compile("[\\w.+-]+|[\\[(][\\w.,+\\[\\]()-]*[\\])]");

    private Coordinates() {}

    /**
     * Reads coordinates. The version is empty where none is given.
     *
     * @throws MagicUsageException when they are none
     */
    static Artifact parse(String text, RepositorySystemSession session) throws MagicUsageException {
        String[] parts = text.split(":", -1);
        boolean named = parts.length >= 2 && parts.length <= 5;
        for (int i = 0; named && i < parts.length; i++) {
            named = (i > 1 && i == parts.length - 1 ? VERSION : NAME)
                    .matcher(parts[i])
                    .matches();
        }
        if (!named) {
            throw new MagicUsageException(
                    "'" + text + "' is not a Maven coordinate: write group:artifact:version, such as "
                            + "org.apache.commons:commons-math3:3.6.1");
        }
        String version = parts.length == 2 ? "" : parts[parts.length - 1];
        String type = parts.length > 3 ? parts[2] : "jar";
        ArtifactType known = session.getArtifactTypeRegistry().get(type);
        String classifier = parts.length > 4 ? parts[3] : known == null ? "" : known.getClassifier();
        return new DefaultArtifact(
                parts[0], parts[1], classifier, known == null ? type : known.getExtension(), version, known);
    }

    /** What is one library, whatever its version. */
    static String key(Artifact artifact) {
        return artifact.getGroupId() + ":" + artifact.getArtifactId() + ":" + artifact.getExtension() + ":"
                + artifact.getClassifier();
    }

    /** As users write it, without the version. */
    static String name(Artifact artifact) {
        String file = artifact.getClassifier().isEmpty()
                ? artifact.getExtension().equals("jar") ? "" : ":" + artifact.getExtension()
                : ":" + artifact.getExtension() + ":" + artifact.getClassifier();
        return artifact.getGroupId() + ":" + artifact.getArtifactId() + file;
    }

    /** As users write it. A snapshot goes by its base version. */
    static String text(Artifact artifact) {
        return name(artifact) + ":" + artifact.getBaseVersion();
    }

    static boolean isRange(String version) {
        return version.startsWith("[") || version.startsWith("(");
    }

    /** Whether it stands for the newest version. */
    static boolean isNewest(String version) {
        return version.toUpperCase(Locale.ROOT).equals("LATEST")
                || version.toUpperCase(Locale.ROOT).equals("RELEASE");
    }
}
