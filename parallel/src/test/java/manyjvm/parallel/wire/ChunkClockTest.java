package manyjvm.parallel.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import manyjvm.parallel.insight.Spent;
import org.junit.jupiter.api.Test;

class ChunkClockTest {
    private static final long MS = 1_000_000;

    private final ChunkClock clock = new ChunkClock();

    private static void spin(long nanos) {
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    @Test
    void time_isSharedOutWithoutARest() {
        long before = System.nanoTime();
        clock.begin();
        spin(MS);
        clock.loaded();
        long read = clock.partBegins();
        spin(MS);
        clock.read(read);
        spin(2 * MS);
        long written = clock.partBegins();
        spin(MS);
        clock.written(written);
        clock.itemEnded(0);
        Spent spent = clock.tell(0);
        assertThat(spent.reading()).isGreaterThanOrEqualTo(2 * MS);
        assertThat(spent.working()).isGreaterThanOrEqualTo(2 * MS);
        assertThat(spent.writing()).isGreaterThanOrEqualTo(MS);
        assertThat(spent.sending()).isZero();
        assertThat(spent.busy()).isBetween(5 * MS, System.nanoTime() - before);
    }

    @Test
    void sending_isToldWithTheNextItems() {
        clock.begin();
        clock.itemEnded(0);
        clock.tell(0);
        spin(MS);
        clock.sent();
        clock.itemEnded(1);
        Spent spent = clock.tell(1);
        assertThat(spent.sending()).isGreaterThanOrEqualTo(MS);
        clock.begin();
        clock.itemEnded(0);
        assertThat(clock.tell(0).sending()).isZero();
    }

    @Test
    void slowItem_isNamed_alsoAmongQuickOnes() {
        clock.begin();
        for (int item = 0; item < 1000; item++) {
            if (item == 700) {
                spin(20 * MS);
            }
            clock.itemEnded(item);
        }
        clock.tell(999);
        List<Message.Slow> slow = clock.tellSlow();
        assertThat(slow).anySatisfy(one -> {
            assertThat(one.nanos()).isGreaterThanOrEqualTo(20 * MS);
            assertThat(700).isBetween(one.item(), one.item() + one.items() - 1);
        });
        assertThat(slow).hasSizeLessThanOrEqualTo(5);
        assertThat(clock.tellSlow()).isEmpty();
    }

    @Test
    void slowItems_amongQuickOnes_areTimedByThemselvesFromTheSecondSpanOn() {
        clock.begin();
        for (int item = 0; item < 1000; item++) {
            clock.itemEnded(item);
        }
        for (int item = 1000; item < 1040; item++) {
            spin(MS);
            clock.itemEnded(item);
        }
        clock.tell(1039);
        assertThat(clock.tellSlow()).anySatisfy(one -> assertThat(one.items()).isEqualTo(1));
    }
}
