package manyjvm.kernel.session.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import manyjvm.kernel.session.Session;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class PracticeTest {
    @Test
    void practice_endsWhenTheSessionIsNeeded() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        try (SessionFixture host = new SessionFixture()) {
            Practice.run(host, () -> asked.incrementAndGet() > 4);
        }
        assertThat(asked).hasValue(5);
        assertThat(sessionFolders()).isEmpty();
    }

    @Test
    void practice_evaluatesItsCellsWithoutMistakes() {
        for (String cell : Practice.CELLS) {
            try (SessionFixture session = new SessionFixture()) {
                session.run(Practice.CELLS.get(1));
                assertThat(session.run(cell)).isInstanceOf(Session.Outcome.Done.class);
                assertThat(session.out + session.err).isEmpty();
            }
        }
    }

    @Test
    void session_thatWarmsUp_endsWithAllThatItStarted() throws IOException {
        SessionFixture session = new SessionFixture();
        session.session.warmUp();
        session.close();
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().equals("session-start"));
        assertThat(sessionFolders()).isEmpty();
    }

    private static List<Path> sessionFolders() throws IOException {
        String prefix = "manyjvm-session-" + ProcessHandle.current().pid() + "-";
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().startsWith(prefix))
                    .toList();
        }
    }
}
