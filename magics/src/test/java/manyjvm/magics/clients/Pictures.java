package manyjvm.magics.clients;

import java.net.URISyntaxException;
import java.nio.file.Path;

/** Where pictures of what users see are left: beside the classes of the build that made them. */
public final class Pictures {
    private Pictures() {}

    public static Path file(String name) throws URISyntaxException {
        return Path.of(Pictures.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .resolveSibling("pictures")
                .resolve(name + ".png");
    }
}
