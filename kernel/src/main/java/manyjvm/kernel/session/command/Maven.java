package manyjvm.kernel.session.command;

import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import manyjvm.kernel.spi.IoReason;
import manyjvm.kernel.spi.Magic.MagicUsageException;

/**
 * Resolves libraries with the {@code mvn} command, which knows the user's mirrors, proxies and passwords. Takes the time of a
 * Maven run (about 2 s when all is in the local repository); ends with the cell's interrupt.
 */
final class Maven {
    private static final Duration AT_MOST = Duration.ofMinutes(10);
    private static final String PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath";

    private Maven() {}

    /** The jars of these {@code group:artifact:version} and of all that they need at run time. */
    static List<Path> resolve(List<String> coordinates) throws MagicUsageException {
        for (String one : coordinates) {
            if (!one.matches("[\\w.-]+:[\\w.-]+(:[\\w.-]+){1,3}")) {
                throw new MagicUsageException(
                        "'" + one
                                + "' is not a Maven coordinate: write group:artifact:version, such as org.apache.commons:commons-math3:3.6.1");
            }
        }
        Path command = command();
        try {
            Path folder = Files.createTempDirectory("manyjvm-maven-");
            try {
                return run(command, folder, coordinates);
            } finally {
                for (String name : List.of("pom.xml", "classpath", "log")) {
                    Files.deleteIfExists(folder.resolve(name));
                }
                Files.deleteIfExists(folder);
            }
        } catch (IOException failure) {
            throw new MagicUsageException("mvn could not be run: " + IoReason.of(failure));
        }
    }

    private static List<Path> run(Path command, Path folder, List<String> coordinates)
            throws IOException, MagicUsageException {
        Files.writeString(folder.resolve("pom.xml"), pom(coordinates));
        // First without the network: fast, and it works on a train. Then with it, for what is missing.
        if (end(command, folder, "--offline") != 0 && end(command, folder, "--no-transfer-progress") != 0) {
            String reason = reason(folder.resolve("log"));
            throw new MagicUsageException("mvn could not get " + String.join(" ", coordinates) + ": " + reason
                    + (reason.contains(":jar:")
                            ? ". If it has a POM and no jar, GROUP:ARTIFACT:pom:VERSION adds what that depends on"
                            : ""));
        }
        String classPath = Files.readString(folder.resolve("classpath")).strip();
        return Arrays.stream(classPath.split(File.pathSeparator))
                .filter(path -> !path.isBlank())
                .map(Path::of)
                // Of a library that is a POM alone, Maven names the POM before what it depends on.
                .filter(path -> !path.toString().endsWith(".pom"))
                .toList();
    }

    private static int end(Path command, Path folder, String option) throws IOException, MagicUsageException {
        Process maven = new ProcessBuilder(
                        command.toString(),
                        "-q",
                        "-B",
                        option,
                        "-f",
                        folder.resolve("pom.xml").toString(),
                        PLUGIN,
                        "-Dmdep.includeScope=runtime",
                        "-Dmdep.outputFile=" + folder.resolve("classpath"))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        try {
            maven.getOutputStream().close();
            if (maven.waitFor(AT_MOST.toSeconds(), TimeUnit.SECONDS)) {
                return maven.exitValue();
            }
            throw new MagicUsageException("mvn did not end within " + AT_MOST.toMinutes()
                    + " minutes: check the network, then run the cell again");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new MagicUsageException("interrupted while mvn was running");
        } finally {
            maven.descendants().forEach(ProcessHandle::destroy);
            maven.destroy();
        }
    }

    private static Path command() throws MagicUsageException {
        String path = System.getenv("PATH");
        for (String folder : path == null ? new String[0] : path.split(File.pathSeparator)) {
            for (String name : List.of("mvn", "mvn.cmd")) {
                Path candidate = Path.of(folder, name);
                if (Files.isExecutable(candidate)) {
                    return candidate;
                }
            }
        }
        throw new MagicUsageException(
                "%maven needs the mvn command, which is not on the PATH: install Maven, or add jars with %classpath");
    }

    /** Maven's first error. Before it stand the warnings of the JVM that runs Maven; they count where Maven did not come up. */
    private static String reason(Path log) throws IOException {
        List<String> lines = Files.readString(log, Charset.defaultCharset())
                .lines()
                .map(line -> line.replaceAll("\u001B\\[[;\\d]*m", "").strip())
                .filter(line -> !line.isEmpty())
                .toList();
        Pattern error = Pattern.compile("\\[(ERROR|FATAL)\\]\\s*");
        return lines.stream()
                .filter(line -> error.matcher(line).lookingAt())
                .map(line -> error.matcher(line).replaceFirst(""))
                .filter(line -> !line.isEmpty())
                .findFirst()
                .orElse(lines.isEmpty() ? "mvn printed nothing" : lines.get(0));
    }

    private static String pom(List<String> coordinates) {
        StringBuilder dependencies = new StringBuilder();
        for (String one : coordinates) {
            // group:artifact:version, or with type and classifier as Maven writes them before the version
            String[] parts = one.split(":");
            dependencies
                    .append("<dependency><groupId>")
                    .append(parts[0])
                    .append("</groupId><artifactId>")
                    .append(parts[1])
                    .append("</artifactId><version>")
                    .append(parts[parts.length - 1])
                    .append("</version>");
            if (parts.length > 3) {
                dependencies.append("<type>").append(parts[2]).append("</type>");
            }
            if (parts.length > 4) {
                dependencies.append("<classifier>").append(parts[3]).append("</classifier>");
            }
            dependencies.append("</dependency>");
        }
        return "<project xmlns=\"http://maven.apache.org/POM/4.0.0\"><modelVersion>4.0.0</modelVersion>"
                + "<groupId>notebook</groupId><artifactId>notebook</artifactId><version>1</version>"
                + "<dependencies>" + dependencies + "</dependencies></project>";
    }
}
