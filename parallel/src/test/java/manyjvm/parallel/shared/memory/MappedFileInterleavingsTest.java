package manyjvm.parallel.shared.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import manyjvm.parallel.interleaving.Interleavings;
import manyjvm.parallel.interleaving.Scenario;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Values in shared memory, in every order of the steps of those who use them. */
class MappedFileInterleavingsTest {
    @TempDir
    Path folder;

    abstract static class Values implements Scenario {
        private static MappedFile made;

        final MappedFile file;

        Values(Path folder) {
            if (made == null) {
                made = MappedFile.create(folder, 1, 8);
            }
            file = made;
            file.setLong(0, 0);
        }
    }

    /** Who compares and sets one of four bytes never undoes what happens to its neighbours, nor fails for it. */
    static final class Neighbours extends Values {
        Neighbours(Path folder) {
            super(folder);
        }

        @Override
        public List<Callable<?>> threads() {
            return List.of(this::setFirst, this::setSecond, this::setOthers);
        }

        private Void setFirst() {
            assertThat(file.compareAndSetByte(0, (byte) 0, (byte) -1)).isTrue();
            assertThat(file.compareAndSetByte(0, (byte) 0, (byte) 5)).isFalse();
            return null;
        }

        private Void setSecond() {
            assertThat(file.compareAndSetByte(1, (byte) 0, (byte) 2)).isTrue();
            return null;
        }

        private Void setOthers() {
            assertThat(file.compareAndSetShort(2, (short) 0, (short) -3)).isTrue();
            return null;
        }

        @Override
        public void check() {
            assertThat(file.getByte(0)).isEqualTo((byte) -1);
            assertThat(file.getByte(1)).isEqualTo((byte) 2);
            assertThat(file.getShort(2)).isEqualTo((short) -3);
        }
    }

    /** Who sees a value sees what its writer wrote before. */
    static final class Published extends Values {
        Published(Path folder) {
            super(folder);
        }

        @Override
        public List<Callable<?>> threads() {
            return List.of(
                    () -> {
                        file.setByte(0, (byte) 1);
                        file.setShort(2, (short) 2);
                        file.setInt(4, 3);
                        return null;
                    },
                    () -> {
                        int last = file.getInt(4);
                        short second = file.getShort(2);
                        byte first = file.getByte(0);
                        assertThat(last == 0 || second != 0).isTrue();
                        assertThat(second == 0 || first != 0).isTrue();
                        return null;
                    });
        }
    }

    @Test
    void partsOfAnInt_areSetWithoutHarmToTheirNeighbours() throws Exception {
        Interleavings.of(Neighbours.class, folder).explore(3);
    }

    @Test
    void values_areSeenInTheOrderTheyWereWritten() throws Exception {
        Interleavings.of(Published.class, folder).explore(4);
    }
}
