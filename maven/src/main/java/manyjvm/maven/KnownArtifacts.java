package manyjvm.maven;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What the local repository has, for completion. Looks at a bounded number of folders. */
final class KnownArtifacts {
    private static final int MOST_FOLDERS = 4000;
    private static final int MOST_GROUPS = 200;

    private final Path repository;
    private int looked;

    KnownArtifacts(Path repository) {
        this.repository = repository;
    }

    /** Words that go on as this one: {@code org.ow2.asm:}, {@code org.ow2.asm:asm-tree:}, {@code org.ow2.asm:asm-tree:9.9}. */
    List<String> complete(String word) {
        String[] parts = word.split(":", -1);
        try {
            return switch (parts.length) {
                case 1 -> groups(parts[0]);
                case 2 -> artifacts(parts[0], parts[1]);
                case 3 -> versions(parts[0], parts[1], parts[2]);
                default -> List.of();
            };
        } catch (InvalidPathException | UncheckedIOException unreadable) {
            return List.of();
        }
    }

    private List<String> groups(String word) {
        int cut = word.lastIndexOf('.') + 1;
        String above = word.substring(0, cut);
        List<String> found = new ArrayList<>();
        for (Path folder : folders(repository.resolve(above.replace('.', '/')))) {
            if (name(folder).startsWith(word.substring(cut))) {
                addGroups(above + name(folder), folder, found);
            }
        }
        return found;
    }

    private void addGroups(String group, Path folder, List<String> found) {
        if (looked > MOST_FOLDERS || found.size() >= MOST_GROUPS) {
            return;
        }
        boolean isGroup = false;
        for (Path below : folders(folder)) {
            if (!versions(below).isEmpty()) {
                isGroup = true;
            } else {
                addGroups(group + "." + name(below), below, found);
            }
        }
        if (isGroup) {
            found.add(group + ":");
        }
    }

    private List<String> artifacts(String group, String begin) {
        return folders(repository.resolve(group.replace('.', '/'))).stream()
                .filter(folder ->
                        name(folder).startsWith(begin) && !versions(folder).isEmpty())
                .map(folder -> group + ":" + name(folder) + ":")
                .toList();
    }

    private List<String> versions(String group, String artifact, String begin) {
        return versions(repository.resolve(group.replace('.', '/')).resolve(artifact)).stream()
                .filter(version -> version.startsWith(begin))
                .map(version -> group + ":" + artifact + ":" + version)
                .toList();
    }

    private List<String> versions(Path artifact) {
        return folders(artifact).stream()
                .map(KnownArtifacts::name)
                .filter(version ->
                        Files.exists(artifact.resolve(version).resolve(name(artifact) + "-" + version + ".pom")))
                .toList();
    }

    private List<Path> folders(Path folder) {
        looked++;
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(Files::isDirectory).sorted().toList();
        } catch (IOException unreadable) {
            return List.of();
        }
    }

    private static String name(Path path) {
        return path.getFileName().toString();
    }
}
