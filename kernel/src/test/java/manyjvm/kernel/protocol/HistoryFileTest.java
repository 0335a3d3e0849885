package manyjvm.kernel.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class HistoryFileTest {
    @TempDir
    Path folder;

    private final List<String> warnings = new ArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord told) {
            warnings.add(new java.util.logging.SimpleFormatter().formatMessage(told));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        KernelLog.LOGGER.addHandler(handler);
    }

    @AfterEach
    void listenNoMore() {
        KernelLog.LOGGER.removeHandler(handler);
    }

    private Path file() {
        return folder.resolve("state").resolve("manyjvm").resolve("history.jsonl");
    }

    private static List<String> texts(HistoryFile file) {
        return file.read().inputs().stream()
                .map(input -> input.session() + "/" + input.line() + " " + input.text())
                .toList();
    }

    @Test
    void newFile_isTheUsersAlone_andNobodyMakesItBeforeItIsNeeded() throws IOException {
        try (HistoryFile file = new HistoryFile(file())) {
            assertThat(file().getParent()).doesNotExist();
            file.add(1, "int x = 1;\nx \"ü😀\"");
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file().getParent())))
                .isEqualTo("rwx------");
        try (HistoryFile file = new HistoryFile(file())) {
            assertThat(texts(file)).containsExactly("1/1 int x = 1;\nx \"ü😀\"");
            assertThat(file.read().session()).isEqualTo(2);
        }
    }

    @Test
    void severalKernelsAtOnce_eachHasANumber_andNoCellIsLost() {
        List<HistoryFile> kernels =
                Stream.generate(() -> new HistoryFile(file())).limit(4).toList();
        IntStream.rangeClosed(1, 50)
                .forEach(line -> kernels.forEach(kernel -> kernel.add(line, "cell " + kernels.indexOf(kernel))));
        kernels.forEach(HistoryFile::close);

        try (HistoryFile file = new HistoryFile(file())) {
            List<HistoryFile.Input> inputs = file.read().inputs();
            assertThat(inputs).hasSize(200);
            for (int session = 1; session <= 4; session++) {
                int number = session;
                List<HistoryFile.Input> one = inputs.stream()
                        .filter(input -> input.session() == number)
                        .toList();
                assertThat(one)
                        .extracting(HistoryFile.Input::line)
                        .isEqualTo(IntStream.rangeClosed(1, 50).boxed().toList());
                assertThat(one)
                        .extracting(HistoryFile.Input::text)
                        .containsOnly(one.get(0).text());
            }
        }
    }

    @Test
    void damagedFile_isPutAside_whatCanBeReadStays_andItIsSaid() throws IOException {
        try (HistoryFile file = new HistoryFile(file())) {
            file.add(1, "first");
            file.add(2, "second");
        }
        byte[] damage = {'{', '"', (byte) 0xff, '\n', '[', ']', '\n', '{', '"', 's', 'e'};
        Files.write(file(), damage, StandardOpenOption.APPEND);
        byte[] before = Files.readAllBytes(file());

        try (HistoryFile file = new HistoryFile(file())) {
            file.add(1, "third");
            assertThat(texts(file)).containsExactly("1/1 first", "1/2 second", "2/1 third");
        }
        Path aside = file().resolveSibling("history.jsonl.damaged");
        assertThat(aside).hasBinaryContent(before);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(aside)))
                .isEqualTo("rw-------");
        assertThat(warnings).singleElement().asString().contains("3 of its lines", "2 could", aside.toString());
    }

    @Test
    void longFile_keepsItsNewerHalf_andTheNumbersGoOn() throws IOException {
        try (HistoryFile file = new HistoryFile(file(), 10_000)) {
            for (int line = 1; line <= 1_000; line++) {
                file.add(line, "a cell of some length, number " + line);
            }
        }
        assertThat(Files.size(file())).isLessThan(20_000);
        try (HistoryFile file = new HistoryFile(file(), 10_000)) {
            List<String> texts = texts(file);
            assertThat(texts).last().asString().isEqualTo("1/1000 a cell of some length, number 1000");
            assertThat(texts).hasSizeBetween(50, 200);
            assertThat(file.read().session()).isEqualTo(2);
        }
        try (Stream<Path> files = Files.list(file().getParent())) {
            assertThat(files.map(one -> one.getFileName().toString()))
                    .containsExactlyInAnyOrder("history.jsonl", "history.jsonl.lock");
        }
    }

    @Test
    void placeThatCannotBeWritten_isToldOnce() throws IOException {
        Files.writeString(folder.resolve("state"), "a file in the folder's place");
        try (HistoryFile file = new HistoryFile(file())) {
            file.add(1, "first");
            file.add(2, "second");
            assertThat(file.read().inputs()).isEmpty();
        }
        assertThat(warnings).singleElement().asString().contains(file().toString());
    }

    @Test
    void noThreadLeft_endsNoCell_andTheNextWritesBoth_asDoesTheEnd() throws IOException {
        AtomicInteger failures = new AtomicInteger(1);
        ThreadFactory threads = action -> {
            if (failures.getAndDecrement() > 0) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            return new Thread(action);
        };
        try (HistoryFile file = new HistoryFile(file(), 10_000, threads)) {
            file.add(1, "first");
            assertThat(file()).doesNotExist();
            file.add(2, "a < b && c == 'd'");
        }
        assertThat(Files.readString(file())).contains("\"first\"", "\"a < b && c == 'd'\"");
        assertThat(warnings).singleElement().asString().contains("unable to create native thread");

        failures.set(Integer.MAX_VALUE);
        try (HistoryFile file = new HistoryFile(file(), 10_000, threads)) {
            file.add(1, "last");
        }
        try (HistoryFile file = new HistoryFile(file())) {
            assertThat(texts(file)).containsExactly("1/1 first", "1/2 a < b && c == 'd'", "2/1 last");
        }
    }

    @Test
    void cellThatIsData_isLeftOut() {
        try (HistoryFile file = new HistoryFile(file())) {
            file.add(1, "x".repeat(300_000));
            file.add(2, "short");
            assertThat(texts(file)).containsExactly("1/2 short");
        }
    }
}
