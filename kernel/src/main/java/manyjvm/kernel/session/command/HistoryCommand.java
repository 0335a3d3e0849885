package manyjvm.kernel.session.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import manyjvm.kernel.session.execution.CellRun;
import manyjvm.kernel.session.shell.Shell;
import manyjvm.kernel.session.source.CellSources;
import manyjvm.kernel.session.source.CellSources.Numbered;
import manyjvm.kernel.spi.Magic.MagicUsageException;
import manyjvm.kernel.spi.Spelling;

/** {@code %history}: the cells of this session. */
final class HistoryCommand implements SessionCommand {
    private static final Pattern RANGE = Pattern.compile("(\\d{1,9})(?:-(\\d{1,9}))?");
    private static final List<String> OPTIONS = List.of("-n", "-l", "-g");

    private final CellSources sources;

    HistoryCommand(CellSources sources) {
        this.sources = sources;
    }

    @Override
    public String name() {
        return "history";
    }

    @Override
    public String usage() {
        return "%history [-n] [-l COUNT] [-g TEXT] [FIRST-LAST]   prints the code of this session's cells\n"
                + "  -n        with their numbers\n"
                + "  -l COUNT  the last ones\n"
                + "  -g TEXT   those that hold the text, in upper or lower case\n"
                + "%history 3 prints In[3], %history 3-5 three cells.";
    }

    @Override
    public void run(String arguments, Shell shell, CellRun run) throws MagicUsageException {
        List<String> words = new ArrayList<>(SessionCommands.words(arguments));
        boolean numbered = words.remove("-n");
        int count = Integer.MAX_VALUE;
        String text = "";
        int first = 0;
        int last = Integer.MAX_VALUE;
        while (!words.isEmpty()) {
            String word = words.remove(0);
            Matcher range = RANGE.matcher(word);
            if (range.matches()) {
                first = Integer.parseInt(range.group(1));
                last = range.group(2) == null ? first : Integer.parseInt(range.group(2));
            } else if (word.equals("-g") && !words.isEmpty()) {
                text = words.remove(0).toLowerCase(Locale.ROOT);
            } else if (word.equals("-l") && !words.isEmpty() && words.get(0).matches("\\d{1,9}")) {
                count = Integer.parseInt(words.remove(0));
            } else {
                throw new MagicUsageException(
                        OPTIONS.contains(word)
                                ? word + " of %history needs " + (word.equals("-l") ? "a number" : "a text")
                                : "%history has no " + word + Spelling.hint(word, OPTIONS) + "\n" + usage());
            }
        }
        List<Numbered> found = new ArrayList<>();
        for (Numbered cell : sources.cells()) {
            boolean isThisOne = run.label().equals("In[" + cell.number() + "]");
            if (!isThisOne
                    && cell.number() >= first
                    && cell.number() <= last
                    && cell.code().toLowerCase(Locale.ROOT).contains(text)) {
                found.add(cell);
            }
        }
        for (Numbered cell : found.subList(Math.max(0, found.size() - count), found.size())) {
            System.out.println((numbered ? "In[" + cell.number() + "]: " : "") + cell.code());
        }
    }
}
