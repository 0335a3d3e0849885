package manyjvm.maven;

import org.eclipse.aether.util.version.GenericVersionScheme;
import org.eclipse.aether.version.InvalidVersionSpecificationException;
import org.eclipse.aether.version.VersionScheme;

/** Versions by Maven's order. */
final class Versions {
    private static final VersionScheme SCHEME = new GenericVersionScheme();

    private Versions() {}

    /** Whether a version is what is asked for: the same, or one of the range. */
    static boolean fits(String version, String asked) {
        try {
            return Coordinates.isRange(asked)
                    ? SCHEME.parseVersionConstraint(asked).containsVersion(SCHEME.parseVersion(version))
                    : version.equals(asked);
        } catch (InvalidVersionSpecificationException notAVersion) {
            return false;
        }
    }

    static boolean isNewer(String version, String than) {
        try {
            return !Coordinates.isRange(version)
                    && SCHEME.parseVersion(version).compareTo(SCHEME.parseVersion(than)) > 0;
        } catch (InvalidVersionSpecificationException notAVersion) {
            return false;
        }
    }
}
