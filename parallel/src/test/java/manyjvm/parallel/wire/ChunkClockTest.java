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
    void chunkThatWasStopped_leavesNothingToTheNext() {
        clock.begin();
        spin(5 * MS);
        clock.loaded(); // and is stopped before its first item
        clock.begin();
        spin(2 * MS);
        clock.itemEnded(0);
        Spent spent = clock.tell(0);
        assertThat(spent.reading()).isZero();
        assertThat(spent.working()).isGreaterThanOrEqualTo(2 * MS);
    }

    /** An estimate for a span is no more than that span. */
    @Test
    void slowDecoding_atTheHeadOfASpan_leavesOthersTheirWork() {
        clock.begin();
        int item = 0;
        for (; item < 1000; item++) { // spans become long
            clock.itemEnded(item);
        }
        clock.tell(item - 1);
        long begun = clock.partBegins();
        assertThat(begun).isNotZero();
        spin(5 * MS);
        clock.read(begun);
        for (int end = item + 40; item < end; item++) {
            clock.itemEnded(item);
            spin(MS);
        }
        Spent spent = clock.tell(item - 1);
        assertThat(spent.working()).isGreaterThanOrEqualTo(20 * MS);
        assertThat(spent.reading()).isBetween(5 * MS, spent.busy() - 20 * MS);
    }

    @Test
    void spanThatIsNotFull_countsItsOwnItemsAlone() {
        clock.begin();
        for (int item = 0; item < 1000; item++) {
            clock.itemEnded(item);
        }
        clock.tell(999);
        clock.sent();
        long begun = clock.partBegins();
        spin(MS);
        clock.read(begun);
        spin(5 * MS);
        clock.itemEnded(1000); // and is the last
        assertThat(clock.tell(1000).working()).isGreaterThanOrEqualTo(5 * MS);
    }

    @Test
    void slowItem_isTheFunctionsOwnTime() {
        clock.begin();
        spin(3 * MS);
        clock.loaded();
        long begun = clock.partBegins();
        spin(5 * MS);
        clock.read(begun);
        spin(MS);
        long end = System.nanoTime();
        clock.itemEnded(0);
        assertThat(clock.tell(0).reading()).isGreaterThanOrEqualTo(8 * MS);
        assertThat(clock.tellSlow())
                .allSatisfy(one -> assertThat(one.nanos()).isBetween(MS, System.nanoTime() - end + 4 * MS));
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
