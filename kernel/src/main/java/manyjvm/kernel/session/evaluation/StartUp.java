package manyjvm.kernel.session.evaluation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import manyjvm.kernel.session.Session.Outcome;
import manyjvm.kernel.session.SessionSettings;
import manyjvm.kernel.session.source.CellSource;
import manyjvm.kernel.session.source.CellSources;
import manyjvm.kernel.spi.IoReason;

/**
 * What a session does before its first cell: it runs the user's own files. They print into that cell, and belong to it: a
 * Stop ends them. What is wrong with one is told there, and keeps neither the next one nor the cell from running.
 */
final class StartUp {
    private final SessionSettings settings;

    StartUp(SessionSettings settings) {
        this.settings = settings;
    }

    void run(Function<CellSource, Outcome> evaluation, CellSources sources) {
        settings.notes().forEach(note -> System.err.println("note: " + note));
        for (Path file : settings.startUp()) {
            try {
                CellSource source = new CellSource(String.valueOf(file.getFileName()), Files.readString(file));
                sources.add(source);
                Outcome outcome = evaluation.apply(source);
                if (outcome instanceof Outcome.Failed failed) {
                    told(file, failed.traceback());
                } else if (outcome instanceof Outcome.Interrupted) {
                    told(file, List.of("it was stopped; %run \"" + file + "\" runs it again"));
                }
            } catch (IOException unreadable) {
                told(file, List.of(IoReason.of(unreadable)));
            }
        }
    }

    private static void told(Path file, List<String> lines) {
        System.err.println("note: the start-up file " + file + " did not come to its end:");
        lines.forEach(line -> System.err.println("    " + line));
    }
}
