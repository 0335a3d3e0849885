package manyjvm.parallel.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import manyjvm.parallel.Array;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.Value;
import manyjvm.parallel.shared.memory.MappedFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class ValueAndArrayTest {
    @RegisterExtension
    final FakeDriver driver = new FakeDriver();

    @Test
    void value_setInOneJvm_isSeenInTheOther() {
        Value.OfDouble number = Value.of(0.0);
        Value.OfDouble there = driver.newJvm().receive(number);
        there.set(3.1415927);
        assertThat(number.get()).isEqualTo(3.1415927);
        assertThat(number).hasToString("3.1415927");
    }

    @Test
    void value_ofEveryPrimitive_keepsItsExtremes() {
        FakeDriver.Jvm jvm = driver.newJvm();
        Value.OfBoolean booleans = Value.of(true);
        assertThat(jvm.receive(booleans).get()).isTrue();
        booleans.set(false);
        assertThat(booleans.get()).isFalse();
        assertThat(booleans.compareAndSet(true, false)).isFalse();
        assertThat(booleans.compareAndSet(false, true)).isTrue();
        Value.OfByte bytes = Value.of(Byte.MIN_VALUE);
        assertThat(jvm.receive(bytes).getAndAdd((byte) -1)).isEqualTo(Byte.MIN_VALUE);
        assertThat(bytes.get()).isEqualTo(Byte.MAX_VALUE);
        Value.OfShort shorts = Value.of(Short.MIN_VALUE);
        assertThat(jvm.receive(shorts).getAndAdd((short) -1)).isEqualTo(Short.MIN_VALUE);
        assertThat(shorts.get()).isEqualTo(Short.MAX_VALUE);
        Value.OfChar chars = Value.of('\uffff');
        assertThat(jvm.receive(chars).getAndAdd((char) 1)).isEqualTo('\uffff');
        assertThat(chars.get()).isEqualTo('\0');
        Value.OfInt ints = Value.of(Integer.MIN_VALUE);
        assertThat(jvm.receive(ints).getAndAdd(-1)).isEqualTo(Integer.MIN_VALUE);
        assertThat(ints.get()).isEqualTo(Integer.MAX_VALUE);
        Value.OfLong longs = Value.of(Long.MIN_VALUE);
        assertThat(jvm.receive(longs).getAndAdd(-1)).isEqualTo(Long.MIN_VALUE);
        assertThat(longs.get()).isEqualTo(Long.MAX_VALUE);
        Value.OfFloat floats = Value.of(Float.NaN);
        assertThat(jvm.receive(floats).compareAndSet(Float.NaN, 1.5f)).isTrue();
        assertThat(floats.getAndAdd(1)).isEqualTo(1.5f);
        assertThat(floats.get()).isEqualTo(2.5f);
        Value.OfDouble doubles = Value.of(Double.NaN);
        assertThat(jvm.receive(doubles).compareAndSet(Double.NaN, 1.5)).isTrue();
        assertThat(doubles.getAndAdd(1)).isEqualTo(1.5);
        assertThat(doubles.compareAndSet(1.5, 9)).isFalse();
        assertThat(doubles.get()).isEqualTo(2.5);
    }

    @Test
    void array_ofARange_isSetInTheOtherJvm() {
        Array.OfInt array = Array.of(IntStream.range(0, 10).boxed().toList());
        Array.OfInt there = driver.newJvm().receive(array);
        for (int index = 0; index < there.length(); index++) {
            there.set(index, -there.get(index));
        }
        assertThat(array).hasToString("[0, -1, -2, -3, -4, -5, -6, -7, -8, -9]");
        assertThat(array.toArray()).containsExactly(0, -1, -2, -3, -4, -5, -6, -7, -8, -9);
        assertThat(array.toArray(2, 4)).containsExactly(-2, -3);
        assertThat(array).containsExactly(0, -1, -2, -3, -4, -5, -6, -7, -8, -9);
        assertThat(array.stream().sum()).isEqualTo(-45);
    }

    @Test
    void array_ofEveryPrimitive_copiesInAndOut() {
        FakeDriver.Jvm jvm = driver.newJvm();
        assertThat(jvm.receive(Array.of(true, false, true)).toArray()).containsExactly(true, false, true);
        assertThat(jvm.receive(Array.of(new byte[] {1, -2, 3})).toArray()).containsExactly(1, -2, 3);
        assertThat(jvm.receive(Array.of(new short[] {1, -2, 3})).toArray())
                .containsExactly((short) 1, (short) -2, (short) 3);
        assertThat(jvm.receive(Array.of('a', '\uffff')).toArray()).containsExactly('a', '\uffff');
        assertThat(jvm.receive(Array.of(1, -2, 3)).toArray()).containsExactly(1, -2, 3);
        assertThat(jvm.receive(Array.of(1L, Long.MIN_VALUE)).toArray()).containsExactly(1, Long.MIN_VALUE);
        assertThat(jvm.receive(Array.of(1.5f, -0f)).toArray()).containsExactly(1.5f, -0f);
        assertThat(jvm.receive(Array.of(1.5, Double.NaN)).toArray()).containsExactly(1.5, Double.NaN);
        assertThat(Array.ofDouble(List.of(1, 2)).stream().sum()).isEqualTo(3);
        assertThat(Array.ofLong(List.of(1, 2)).stream().sum()).isEqualTo(3);
        assertThat(Array.ofDouble(3).toArray()).containsExactly(0, 0, 0);
    }

    @Test
    void array_smallCells_changeAtomically_withoutTouchingTheirNeighbours() throws Exception {
        Array.OfByte bytes = Array.ofByte(4);
        Array.OfByte there = driver.newJvm().receive(bytes);
        int rounds = 20_000;
        List<Threads<Void>> threads = new ArrayList<>();
        for (int number = 0; number < 4; number++) {
            int index = number % 2;
            Array.OfByte mine = number < 2 ? bytes : there;
            threads.add(Threads.run(() -> {
                for (int round = 0; round < rounds; round++) {
                    mine.getAndAdd(index, (byte) 1);
                }
                return null;
            }));
        }
        for (Threads<Void> thread : threads) {
            thread.get();
        }
        assertThat(bytes.toArray()).containsExactly((byte) (2 * rounds), (byte) (2 * rounds), 0, 0);
        Array.OfShort shorts = Array.of(new short[] {1, 2, 3});
        assertThat(shorts.compareAndSet(1, (short) 2, (short) -2)).isTrue();
        assertThat(shorts.compareAndSet(1, (short) 2, (short) 5)).isFalse();
        assertThat(shorts.getAndAdd(2, (short) 1)).isEqualTo((short) 3);
        assertThat(shorts.toArray()).containsExactly((short) 1, (short) -2, (short) 4);
    }

    @Test
    void array_badIndexOrLength_isRefused_andTouchesNothing() {
        Array.OfInt array = Array.of(1, 2, 3);
        assertThatThrownBy(() -> array.get(3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> array.set(-1, 0)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> array.getAndAdd(1 << 30, 0)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> array.toArray(2, 4)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> array.setAll(1, 2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Array.ofInt(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Array.ofDouble(Integer.MAX_VALUE))
                .isInstanceOf(ParallelException.class)
                .hasMessageContaining("too big");
        assertThat(array.toArray()).containsExactly(1, 2, 3);
        assertThat(Array.ofInt(0)).isEmpty();
    }

    @Test
    void array_ofManyElements_showsTheFirst() {
        assertThat(Array.ofInt(1001).toString()).endsWith("0, ... (1001 elements)]");
    }

    @Test
    void lock_ofAValue_guardsItInAllJvms_andIsReentrant() throws Exception {
        Value.OfInt value = Value.of(0);
        Value.OfInt there = driver.newJvm().receive(value);
        value.lock().lock();
        assertThat(there.lock().tryLock()).isFalse();
        assertThat(there.lock().acquire(Duration.ofMillis(5))).isFalse();
        value.withLock(() -> value.set(value.get() + 1));
        assertThat(value.<Integer>withLock(() -> value.get())).isEqualTo(1);
        Threads<Void> waiter = Threads.runUntilWaiting(() -> {
            there.withLock(() -> there.set(there.get() + 1));
            return null;
        });
        value.lock().unlock();
        waiter.get();
        assertThat(value.get()).isEqualTo(2);
    }

    @Test
    void lock_ofAnArray_travelsByItself() {
        Array.OfInt array = Array.ofInt(3);
        array.lock().lock();
        assertThat(driver.newJvm().receive(array.lock()).tryLock()).isFalse();
    }

    @Test
    void raw_hasNoLock_andSaysWhatToDo() {
        assertThatThrownBy(() -> Value.rawInt(0).withLock(() -> 1))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("of(..)");
        Array.OfInt raw = Array.rawInt(3);
        assertThatThrownBy(() -> driver.newJvm().receive(raw).lock()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void file_isForItsOwnerOnly() throws Exception {
        Array.OfInt array = Array.ofInt(3);
        assertThat(driver.files()).hasSize(1);
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(driver.files().get(0))))
                .isEqualTo("rw-------");
        Reference.reachabilityFence(array);
    }

    @Test
    void file_goes_whenNoJvmCanReachTheObject() throws Exception {
        FakeDriver.Jvm jvm = driver.newJvm();
        Object[] held = {Array.ofInt(1000)};
        jvm.receive((Array.OfInt) held[0]);
        held[0] = null;
        // Both JVMs drop it; each reports that when its collector has found it.
        while (driver.files().stream().anyMatch(file -> file.endsWith("shared-1"))) {
            System.gc();
            jvm.receive(Value.of(0));
            jvm.flush();
        }
        assertThat(driver.files()).isNotEmpty().noneMatch(file -> file.endsWith("shared-1"));
    }

    @Test
    void file_stays_whileAWorkerThatItWasSentToLives() throws Exception {
        FakeDriver.Jvm jvm = driver.newJvm();
        Array.OfInt there = jvm.receive(Array.of(1, 2, 3));
        // The maker has dropped it; some other object's file goes meanwhile.
        Reference.reachabilityFence(Value.of(0));
        while (driver.files().stream().anyMatch(file -> file.endsWith("shared-2"))) {
            System.gc();
            Reference.reachabilityFence(Value.of(0));
        }
        FakeDriver.Jvm second = driver.newJvm();
        assertThat(second.receive(there).toArray()).containsExactly(1, 2, 3);
        second.die();
        second.wireEnd();
        jvm.die();
        jvm.wireEnd();
        // The maker's own is released by the collector's thread, in no order with others that were dropped with it.
        while (driver.files().stream().anyMatch(file -> file.endsWith("shared-1"))) {
            System.gc();
        }
    }

    @Test
    void link_ofAnObjectThatIsGone_saysWhatToDo() {
        SharedLinker linker = driver.newJvm().linker();
        assertThatThrownBy(() -> linker.link(new manyjvm.parallel.base.Shared.Handle("Value.OfInt", 99, "1")))
                .isInstanceOf(ParallelException.class)
                .hasMessageContaining("Keep it in a variable");
    }

    @Test
    void create_withoutRoom_saysWhereAndWhat() {
        assertThatThrownBy(() -> MappedFile.create(driver.folder().resolve("missing"), 1, 8))
                .isInstanceOf(ParallelException.class)
                .hasMessageContaining("Cannot make");
    }
}
