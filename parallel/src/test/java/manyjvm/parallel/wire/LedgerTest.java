package manyjvm.parallel.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {
    @TempDir
    Path folder;

    private Path file;
    private Ledger ledger;

    @BeforeEach
    void open() throws Exception {
        file = folder.resolve("ledger");
        Ledger.create(file);
        ledger = Ledger.open(file);
    }

    @Test
    void file_isItsOwnersOnly() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void estate_tellsWhereTheWorkerWas() throws Exception {
        ledger.chunk(7, 3);
        ledger.started(3);
        assertThat(ledger.log(new byte[] {9, 1, 2, 9}, 1, 3)).isTrue();
        ledger.started(4);
        ledger.announce(Ledger.Announcement.TERMINATED);
        ledger.announce(Ledger.Announcement.EXIT); // the first stands
        Ledger.Estate estate = Ledger.read(file);
        assertThat(estate.chunk()).isEqualTo(7);
        assertThat(estate.started()).isEqualTo(5);
        assertThat(estate.logBase()).isEqualTo(3);
        assertThat(estate.log()).containsExactly(1, 2);
        assertThat(estate.announcement()).isEqualTo(Ledger.Announcement.TERMINATED);
    }

    @Test
    void fullLog_refusesAndKeepsWhatItHas() throws Exception {
        ledger.chunk(1, 0);
        assertThat(ledger.log(new byte[Ledger.LOG_BYTES], 0, Ledger.LOG_BYTES)).isTrue();
        assertThat(ledger.log(new byte[1], 0, 1)).isFalse();
        assertThat(Ledger.read(file).log()).hasSize(Ledger.LOG_BYTES);
        ledger.emptyLog(4);
        assertThat(Ledger.read(file).log()).isEmpty();
        assertThat(Ledger.read(file).logBase()).isEqualTo(4);
    }

    @Test
    void ring_isReadOnAcrossItsSeam() throws Exception {
        byte[] bytes = new byte[1000];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        long from = Ledger.RING_BYTES - 300L;
        ledger.putRing(from, bytes, bytes.length);
        ledger.ringHead(from + bytes.length);
        byte[] rest = new byte[900];
        Ledger.read(file).streamFrom(from + 100).get(rest);
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
