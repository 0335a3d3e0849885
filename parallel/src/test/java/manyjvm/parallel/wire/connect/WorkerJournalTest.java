package manyjvm.parallel.wire.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerJournalTest {
    @TempDir
    Path folder;

    private Path file;
    private WorkerJournal journal;

    @BeforeEach
    void open() throws Exception {
        file = folder.resolve("journal");
        WorkerJournal.create(file);
        journal = WorkerJournal.open(file);
    }

    @Test
    void file_isItsOwnersOnly() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void estate_tellsWhereTheWorkerWas() throws Exception {
        journal.chunk(7, 3);
        journal.started(3);
        assertThat(journal.log(new byte[] {9, 1, 2, 9}, 1, 3)).isTrue();
        journal.started(4);
        journal.announce(WorkerJournal.Announcement.TERMINATED);
        journal.announce(WorkerJournal.Announcement.EXIT); // the first stands
        WorkerJournal.Snapshot snapshot = WorkerJournal.read(file);
        assertThat(snapshot.chunk()).isEqualTo(7);
        assertThat(snapshot.started()).isEqualTo(5);
        assertThat(snapshot.logBase()).isEqualTo(3);
        assertThat(snapshot.log()).containsExactly(1, 2);
        assertThat(snapshot.announcement()).isEqualTo(WorkerJournal.Announcement.TERMINATED);
    }

    @Test
    void fullLog_refusesAndKeepsWhatItHas() throws Exception {
        journal.chunk(1, 0);
        assertThat(journal.log(new byte[WorkerJournal.LOG_BYTES], 0, WorkerJournal.LOG_BYTES))
                .isTrue();
        assertThat(journal.log(new byte[1], 0, 1)).isFalse();
        assertThat(WorkerJournal.read(file).log()).hasSize(WorkerJournal.LOG_BYTES);
        journal.emptyLog(4);
        assertThat(WorkerJournal.read(file).log()).isEmpty();
        assertThat(WorkerJournal.read(file).logBase()).isEqualTo(4);
    }

    @Test
    void ring_isReadOnAcrossItsSeam() throws Exception {
        byte[] bytes = new byte[1000];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        long from = WorkerJournal.RING_BYTES - 300L;
        journal.putRing(from, bytes, bytes.length);
        journal.ringHead(from + bytes.length);
        byte[] rest = new byte[900];
        WorkerJournal.read(file).streamFrom(from + 100).get(rest);
        assertThat(rest).isEqualTo(Arrays.copyOfRange(bytes, 100, 1000));
    }

    @Test
    void handshakeCode_isHmacSha256() throws Exception {
        byte[] secret = new byte[32];
        Arrays.fill(secret, (byte) 5);
        javax.crypto.Mac reference = javax.crypto.Mac.getInstance("HmacSHA256");
        reference.init(new javax.crypto.spec.SecretKeySpec(secret, "HmacSHA256"));
        byte[] text = "some text".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        assertThat(Handshake.hmac(secret, text)).isEqualTo(reference.doFinal(text));
    }
}
