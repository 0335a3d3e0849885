package manyjvm.parallel.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.ShareableList;
import manyjvm.parallel.SharedMemory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@link SharedMemory} and {@link ShareableList}. */
@Timeout(60)
class NamedMemoryTest {
    @RegisterExtension
    final FakeDriver driver = new FakeDriver();

    /** As the end of the program does. */
    @AfterEach
    void unlinkAll() throws Exception {
        for (java.nio.file.Path file : driver.files()) {
            if (file.getFileName().toString().startsWith("memory-")) {
                Files.delete(file);
            }
        }
    }

    @Test
    void memory_writtenInOneJvm_isSeenInTheOther_byHandleAndByName() {
        SharedMemory memory = SharedMemory.create(20);
        SharedMemory there = driver.member().receive(memory);
        SharedMemory opened = SharedMemory.open(memory.name());
        memory.buffer().putLong(8, 42);
        assertThat(there.buffer().getLong(8)).isEqualTo(42);
        assertThat(opened.buffer().getLong(8)).isEqualTo(42);
        assertThat(List.of(memory.size(), there.size(), opened.size())).containsOnly(20);
        assertThat(memory.buffer().order()).isEqualTo(ByteOrder.nativeOrder());
        memory.buffer().get();
        assertThat(memory.buffer().position()).as("each buffer has its own").isZero();
        assertThat(there).hasToString("SharedMemory \"" + memory.name() + "\" (20 bytes)");
    }

    @Test
    void memory_isReadableByItsOwnerOnly() throws Exception {
        SharedMemory.create("mine", 8);
        assertThat(driver.files()).hasSize(1);
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(driver.files().get(0))))
                .isEqualTo("rw-------");
    }

    @Test
    void name_canBeChosenOnce() {
        SharedMemory memory = SharedMemory.create("my.data_1", 8);
        assertThat(memory.name()).isEqualTo("my.data_1");
        assertThatThrownBy(() -> SharedMemory.create("my.data_1", 8))
                .isInstanceOf(ParallelException.class)
                .hasMessageContaining("open(\"my.data_1\")");
        for (String wrong : List.of("", "../up", "a/b", ".hidden", "a b")) {
            assertThatThrownBy(() -> SharedMemory.create(wrong, 8))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("letters, digits");
            assertThatThrownBy(() -> SharedMemory.open(wrong)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> SharedMemory.create(0)).hasMessageContaining("at least 1 byte");
        assertThatThrownBy(() -> SharedMemory.open("nothing"))
                .isInstanceOf(ParallelException.class)
                .hasMessageContaining("no SharedMemory \"nothing\"");
    }

    @Test
    void close_endsTheUseHere_andUnlinkRemovesTheName() {
        SharedMemory memory = SharedMemory.create("data", 8);
        SharedMemory there = driver.member().receive(memory);
        memory.buffer().putInt(0, 7);
        memory.close();
        memory.close();
        assertThatThrownBy(memory::buffer)
                .isInstanceOf(ParallelException.class)
                .hasMessageContaining("was closed in this JVM");
        assertThat(memory).hasToString("SharedMemory \"data\" (closed)");
        memory.unlink();
        there.unlink();
        assertThat(there.buffer().getInt(0)).as("who has it open keeps it").isEqualTo(7);
        assertThatThrownBy(() -> SharedMemory.open("data")).isInstanceOf(ParallelException.class);
        SharedMemory again = SharedMemory.create("data", 8);
        assertThat(again.buffer().getInt(0)).isZero();
    }

    @Test
    void memory_outlivesTheJvmThatMadeIt() throws Exception {
        FakeDriver.Member maker = driver.member();
        String name = maker.make(() -> SharedMemory.create(8)).name();
        maker.die();
        maker.wireEnd();
        assertThat(SharedMemory.open(name).size()).isEqualTo(8);
    }

    @Test
    void list_ofEveryType_keepsItsValues_inBothJvms() {
        Object[] values = {
            "howdy",
            "",
            "naïve \ud83d\ude00",
            -273.154,
            Double.NaN,
            100,
            Integer.MIN_VALUE,
            Long.MIN_VALUE,
            (short) -3,
            (byte) -2,
            1.5f,
            'x',
            true,
            false,
            null,
            new byte[] {1, 2, 3}
        };
        ShareableList list = ShareableList.of(values);
        ShareableList there = driver.member().receive(list);
        ShareableList opened = ShareableList.open(list.memory().name());
        for (int index = 0; index < values.length; index++) {
            assertThat(there.get(index)).isEqualTo(values[index]);
            assertThat(opened.get(index)).isEqualTo(values[index]);
        }
        assertThat(there).hasSize(values.length);
        assertThat(there.indexOf(100)).isEqualTo(5);
        assertThat(Collections.frequency(there, null)).isEqualTo(1);
        assertThat(ShareableList.copyOf(List.of(1, 2))).hasToString("[1, 2]");
        assertThat(ShareableList.of()).isEmpty();
    }

    @Test
    void list_set_changesAPlace_andItsType() {
        ShareableList list = ShareableList.of("abc", 1, null);
        ShareableList there = driver.member().receive(list);
        assertThat(there.set(0, "12345678")).isEqualTo("abc");
        assertThat(there.set(1, 2.5)).isEqualTo(1);
        assertThat(there.set(2, "text")).isNull();
        assertThat(list).isEqualTo(Arrays.asList("12345678", 2.5, "text"));
        assertThat(list.get(1, Double.class) + 1).isEqualTo(3.5);
        assertThatThrownBy(() -> list.get(1, Integer.class)).isInstanceOf(ClassCastException.class);
        assertThatThrownBy(() -> list.set(0, "123456789"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("9 bytes do not fit into place 0")
                .hasMessageContaining("made for 8");
        assertThatThrownBy(() -> list.set(0, new Object()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("java.lang.Object");
        assertThatThrownBy(() -> ShareableList.of(List.of())).hasMessageContaining("Manager.list()");
        assertThatThrownBy(() -> list.get(3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> list.add("more")).isInstanceOf(UnsupportedOperationException.class);
        assertThat(list.get(0)).isEqualTo("12345678");
    }
}
