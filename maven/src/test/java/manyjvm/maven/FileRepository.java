package manyjvm.maven;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A repository in a folder, which tests fill. Coordinates are {@code group:artifact:version}. */
record FileRepository(Path folder) {
    /** A library of which these are dependencies, compile scope, or {@code g:a:v@scope}. */
    FileRepository library(String coordinates, String... dependencies) throws IOException {
        jar(coordinates, "", coordinates);
        return pom(coordinates, "jar", dependencies(dependencies));
    }

    static String dependencies(String... all) {
        return "<dependencies>" + Stream.of(all).map(FileRepository::dependency).collect(Collectors.joining())
                + "</dependencies>";
    }

    static String dependency(String one) {
        String[] scoped = one.split("@");
        String[] parts = scoped[0].split(":");
        return "<dependency><groupId>" + parts[0] + "</groupId><artifactId>" + parts[1] + "</artifactId>"
                + (parts.length > 2 ? "<version>" + parts[2] + "</version>" : "")
                + (scoped.length > 1 ? "<scope>" + scoped[1] + "</scope>" : "") + "</dependency>";
    }

    FileRepository pom(String coordinates, String packaging, String content) throws IOException {
        String[] parts = coordinates.split(":");
        return write(
                coordinates,
                ".pom",
                ("<project><modelVersion>4.0.0</modelVersion><groupId>" + parts[0] + "</groupId><artifactId>" + parts[1]
                                + "</artifactId><version>" + parts[2] + "</version><packaging>" + packaging
                                + "</packaging>" + content + "</project>")
                        .getBytes(StandardCharsets.UTF_8));
    }

    /** @param suffix between version and {@code .jar}: {@code -tests} */
    FileRepository jar(String coordinates, String suffix, String content) throws IOException {
        Path file = path(coordinates, suffix + ".jar");
        Files.createDirectories(file.getParent());
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(file))) {
            out.putNextEntry(new JarEntry("content"));
            out.write(content.getBytes(StandardCharsets.UTF_8));
            out.closeEntry();
        }
        return this;
    }

    FileRepository write(String coordinates, String suffix, byte[] content) throws IOException {
        Path file = path(coordinates, suffix);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
        return this;
    }

    /** The list of versions that ranges are looked up in; of the last RELEASE and LATEST. */
    FileRepository versions(String groupAndArtifact, String... versions) throws IOException {
        String[] parts = groupAndArtifact.split(":");
        Path file = folder.resolve(parts[0].replace('.', '/')).resolve(parts[1]).resolve("maven-metadata.xml");
        Files.createDirectories(file.getParent());
        String last = versions[versions.length - 1];
        Files.writeString(
                file,
                "<metadata><groupId>" + parts[0] + "</groupId><artifactId>" + parts[1]
                        + "</artifactId><versioning><latest>" + last + "</latest><release>" + last
                        + "</release><versions>"
                        + Stream.of(versions)
                                .map(one -> "<version>" + one + "</version>")
                                .collect(Collectors.joining())
                        + "</versions></versioning></metadata>");
        return this;
    }

    Path path(String coordinates, String suffix) {
        String[] parts = coordinates.split(":");
        return folder.resolve(parts[0].replace('.', '/'))
                .resolve(parts[1])
                .resolve(parts[2])
                .resolve(parts[1] + "-" + parts[2] + suffix);
    }

    String url() {
        return folder.toUri().toString();
    }
}
