package manyjvm.kernel.session.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import manyjvm.kernel.session.execution.CellRun;
import manyjvm.kernel.session.source.CellSource;
import manyjvm.kernel.session.source.Syntax;
import manyjvm.kernel.spi.Magic.MagicUsageException;
import org.jspecify.annotations.Nullable;

/**
 * {@code %run}: the code of a file, in this session. Files of the jshell tool may hold its commands, which are passed over;
 * of a program, a {@code .java} file, {@code main} is called, as {@code java FILE} does. Used by the
 * holder of the session's lock, which it gives up while the code runs.
 */
final class RunCommand implements CodeCommand {
    /** A line of Java may begin with a division, too: {@code /two;}, {@code /list.size()}, {@code /list + 1}. */
    private static final Pattern OF_JSHELL = Pattern.compile(
            "(?m)^\\s*(/(?:list|edit|drop|save|open|vars|methods|types|imports|exit|env|reset|reload|history|debug|help|set))"
                    + "(?!\\S)(?![ \\t]+[-+*/%&|^=<>?:]+\\s).*$");

    private static final Pattern PACKAGE = Pattern.compile("(?m)^\\s*package\\s+[\\w.]+\\s*;");
    private static final Pattern IMPORT = Pattern.compile("(?m)^\\s*import\\s[^;]*;");
    private static final Pattern MAIN = Pattern.compile("\\bstatic\\s+void\\s+main\\s*\\(\\s*(?:final\\s+)?String\\b");

    /** Those that run now, since one may run another; in other shells, too. */
    private final List<Running> running = new ArrayList<>();

    private record Running(CellRun run, Path file) {}

    @Override
    public String name() {
        return "run";
    }

    @Override
    public String usage() {
        return "%run FILE             runs a file's Java and magics (.jsh, .jshell, any text) in this session, as if it stood in the cell\n"
                + "%run FILE.java ARG... the same; when a class of it has a main, calls that\n"
                + "%run NOTEBOOK.ipynb   runs the code cells of a notebook in this session\n"
                + "What it defines stays; values are not shown; the first error ends it, and names the file and the line.";
    }

    @Override
    public <X extends Exception> @Nullable Object run(String arguments, boolean ofCell, CellRun run, Code<X> code)
            throws X, MagicUsageException {
        List<String> words = new ArrayList<>(SessionCommands.words(arguments));
        if (words.isEmpty()) {
            throw new MagicUsageException("%run needs the name of a file: %run tools.jsh");
        }
        Path file = FileArgument.path(words.remove(0)).toAbsolutePath().normalize();
        String name = String.valueOf(file.getFileName());
        if (!words.isEmpty() && !name.endsWith(".java")) {
            throw new MagicUsageException(
                    "only a program, a .java file, takes arguments: remove " + String.join(" ", words));
        }
        String text = FileArgument.read(file);
        Running own = new Running(run, file);
        if (running.contains(own)) {
            long files = running.stream().filter(one -> one.run() == run).count();
            throw new MagicUsageException(name + " runs itself" + (files > 1 ? ", by way of another" : ""));
        }
        running.add(own);
        try {
            for (CellSource part : name.endsWith(".ipynb") ? cells(name, text) : List.of(file(name, text))) {
                code.elsewhere(part);
            }
            Optional<String> program = name.endsWith(".java") ? withMain(text) : Optional.empty();
            if (program.isPresent()) {
                String given = words.stream().map(LinesMagic::literal).collect(Collectors.joining(", "));
                code.elsewhere(new CellSource(run.label(), program.get() + ".main(new String[] {" + given + "});"));
            } else if (!words.isEmpty()) {
                throw new MagicUsageException(
                        name + " has no class with a main that could take " + String.join(" ", words));
            }
        } finally {
            running.remove(own);
        }
        return null;
    }

    private static CellSource file(String name, String text) {
        if (name.endsWith(".java")) {
            // Types of a session are in no package of their own.
            return new CellSource(name, PACKAGE.matcher(text).replaceFirst(found -> found.group()
                    .replaceAll("\\S", " ")));
        }
        Matcher ofJShell = OF_JSHELL.matcher(text);
        return new CellSource(name, ofJShell.replaceAll(found -> {
            long line = text.substring(0, found.start(1))
                            .chars()
                            .filter(c -> c == '\n')
                            .count()
                    + 1;
            System.err.println("note: " + name + ":" + line + ": " + found.group(1)
                    + " is a command of the jshell tool, and was passed over");
            return found.group().replaceAll("[^\n]", "");
        }));
    }

    private static List<CellSource> cells(String name, String text) throws MagicUsageException {
        List<CellSource> cells = new ArrayList<>();
        try {
            if (JsonParser.parseString(text) instanceof JsonObject notebook
                    && notebook.get("cells") instanceof JsonArray all) {
                for (JsonElement one : all) {
                    if (one instanceof JsonObject cell
                            && new JsonPrimitive("code").equals(cell.get("cell_type"))
                            && cell.get("source") != null) {
                        cells.add(new CellSource(name + ", cell " + (cells.size() + 1), source(cell.get("source"))));
                    }
                }
                return cells;
            }
        } catch (JsonParseException | IllegalStateException | UnsupportedOperationException other) {
            throw noNotebook(name);
        }
        throw noNotebook(name);
    }

    private static MagicUsageException noNotebook(String name) {
        return new MagicUsageException(name + " is no notebook of nbformat 4: open and save it in Jupyter");
    }

    /** A string, or the lines of one. */
    private static String source(JsonElement source) {
        if (source instanceof JsonArray lines) {
            return lines.asList().stream().map(JsonElement::getAsString).collect(Collectors.joining());
        }
        return source.getAsString();
    }

    /** The first type of a program that has a main of its own. */
    private static Optional<String> withMain(String program) {
        String text = IMPORT.matcher(PACKAGE.matcher(program).replaceAll("")).replaceAll("");
        List<Syntax.Type> types =
                Syntax.types(text).stream().filter(type -> !type.isMember()).toList();
        for (int i = 0; i < types.size(); i++) {
            int end = i + 1 < types.size() ? types.get(i + 1).start() : text.length();
            if (MAIN.matcher(text.substring(types.get(i).start(), end)).find()) {
                return Optional.of(types.get(i).path());
            }
        }
        return Optional.empty();
    }
}
