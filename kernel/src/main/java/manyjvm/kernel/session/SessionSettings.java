package manyjvm.kernel.session;

import java.io.File;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import manyjvm.kernel.spi.PreviewFeatures;

/**
 * What a user's environment says about sessions.
 *
 * @param compilerOptions for the compiler of cells, as {@code javac} takes them
 * @param startUp files whose code runs before the first cell's
 * @param notes what was wrong, for people; shown with the first cell
 */
public record SessionSettings(List<String> compilerOptions, List<Path> startUp, List<String> notes) {
    /** None of the user's own. */
    public static final SessionSettings NONE = new SessionSettings(List.of(), List.of(), List.of());

    private static final String OPTIONS = "MANYJVM_OPTIONS";
    private static final String STARTUP = "MANYJVM_STARTUP";
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");
    private static final String PREVIEW = "--enable-preview";

    public SessionSettings {
        compilerOptions = List.copyOf(compilerOptions);
        startUp = List.copyOf(startUp);
        notes = List.copyOf(notes);
    }

    /** Those of this environment. Asks the compiler about options only when there are some. */
    public static SessionSettings of(Map<String, String> environment) {
        List<String> notes = new ArrayList<>();
        return new SessionSettings(
                compilerOptions(environment.getOrDefault(OPTIONS, ""), notes), startUp(environment, notes), notes);
    }

    /**
     * The user's options with those that this JVM needs. A release that the user has chosen counts; the compiler takes one
     * only.
     */
    public String[] allOptions() {
        List<String> options = new ArrayList<>(compilerOptions);
        if (options.stream().noneMatch(option -> option.matches("--?(?:source|release)(?:=.*)?"))) {
            options.addAll(
                    PreviewFeatures.areEnabled()
                            ? PreviewFeatures.compilerOptions()
                            : List.of(SupportedJdk.compilerOptions()));
        }
        return options.toArray(String[]::new);
    }

    /** Whether the compiler's warnings were asked for. */
    public boolean showsWarnings() {
        return compilerOptions.stream()
                .anyMatch(option -> option.startsWith("-Xlint") && !option.equals("-Xlint:none"));
    }

    private static List<String> compilerOptions(String text, List<String> notes) {
        List<String> options = new ArrayList<>(words(text));
        if (options.remove(PREVIEW) && !PreviewFeatures.areEnabled()) {
            notes.add(
                    OPTIONS + ": " + PREVIEW + " must hold for the JVM that runs the cells, too: set JDK_JAVA_OPTIONS="
                            + PREVIEW + " instead, which gives it to the kernel, its compiler and its workers");
        }
        if (options.stream().anyMatch(option -> option.matches("-proc:(?:full|only)|-processor"))) {
            notes.add(
                    OPTIONS
                            + " is ignored: no annotation processor can run in cells, whose compiler is JShell's; %%javac runs them");
            options.clear();
        }
        if (!options.isEmpty()) {
            String refusal = refusal(options);
            if (!refusal.isEmpty()) {
                notes.add(OPTIONS + " is ignored, because the compiler does not take it: " + refusal);
                options.clear();
            }
        }
        return options;
    }

    /** What the compiler says against the options; empty when it takes them. */
    private static String refusal(List<String> options) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        JavaFileObject nothing = new SimpleJavaFileObject(URI.create("string:///C.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return "class C {}";
            }
        };
        try {
            compiler.getTask(new StringWriter(), null, any -> {}, options, null, List.of(nothing));
            return "";
        } catch (IllegalArgumentException refused) {
            return String.valueOf(refused.getMessage())
                    .replaceFirst("^error: ", "")
                    .lines()
                    .findFirst()
                    .orElse("");
        }
    }

    private static List<Path> startUp(Map<String, String> environment, List<String> notes) {
        String named = environment.getOrDefault(STARTUP, "");
        if (named.equals("off")) {
            return List.of();
        }
        List<Path> files = new ArrayList<>();
        // A relative path there counts as none, says the XDG Base Directory Specification.
        String home = environment.getOrDefault("XDG_CONFIG_HOME", "");
        try {
            Path own = (!home.startsWith("/") ? Path.of(System.getProperty("user.home"), ".config") : Path.of(home))
                    .resolve(Path.of("manyjvm", "startup.jsh"));
            if (Files.exists(own)) {
                files.add(own);
            }
            Stream.of(named.split(File.pathSeparator))
                    .filter(name -> !name.isBlank())
                    .map(Path::of)
                    .forEach(files::add);
        } catch (InvalidPathException invalid) {
            notes.add(STARTUP + ": " + invalid.getInput() + " is not a valid file name");
        }
        return files;
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(text);
        while (word.find()) {
            words.add(word.group(1) != null ? word.group(1) : word.group(2) != null ? word.group(2) : word.group(3));
        }
        return words;
    }
}
