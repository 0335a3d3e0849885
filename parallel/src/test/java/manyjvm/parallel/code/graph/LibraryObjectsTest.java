package manyjvm.parallel.code.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import manyjvm.parallel.NotShippableException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What libraries hold inside: locks that travel unlocked with their owner, and what no user can name a way to. */
@Timeout(120)
class LibraryObjectsTest {
    private final ObjectCodec codec = new ObjectCodec(new FakeHost(LibraryObjectsTest.class.getClassLoader()));

    @SuppressWarnings("unchecked")
    private <T> T roundTrip(T value) {
        return (T) codec.decode(codec.encode(value).bytes());
    }

    @Test
    void locksOfALibrarysSerializableObject_arriveUnlockedAndAtWork() throws Exception {
        LibraryFixtures.Mapper mapper = new LibraryFixtures.Mapper();
        mapper.cache.lock.lock();
        mapper.cache.both.writeLock().lock();
        mapper.cache.stamped.writeLock();
        mapper.cache.permits.acquire();
        mapper.read();

        LibraryFixtures.Mapper back = roundTrip(mapper);

        assertThat(back.read()).isEqualTo(2);
        assertThat(back.cache.lock.isLocked()).isFalse();
        assertThat(back.cache.lock.isFair()).isTrue();
        assertThat(back.cache.both.isWriteLocked()).isFalse();
        assertThat(back.cache.reading).isSameAs(back.cache.both.readLock());
        assertThat(back.cache.reading.tryLock()).isTrue();
        assertThat(back.cache.stamped.isWriteLocked()).isFalse();
        assertThat(back.cache.permits.availablePermits()).isEqualTo(2);
        assertThat(back.cache.queue.take()).isEqualTo("a");
        assertThat(back.cache.striped.get(1).tryLock()).isTrue();
        back.cache.lock.lock();
        back.cache.notFull.signalAll();
        back.cache.lock.unlock();
        assertThat(mapper.cache.lock.isLocked()).isTrue();
    }

    @Test
    void libraryObjects_inUsersObjectsContainersAndSubclasses_travelToo() {
        Fixtures.Client client = new Fixtures.Client();
        client.socket = new LibraryFixtures.Mapper();
        client.settings.put("mapper", new OwnMapper());

        Fixtures.Client back = ((Fixtures.Order) roundTrip(List.<Object>of(new Fixtures.Order("o", client)))
                        .get(0))
                .client();

        assertThat(((LibraryFixtures.Mapper) back.socket).read()).isEqualTo(1);
        assertThat(((OwnMapper) back.settings.get("mapper")).read()).isEqualTo(1);
    }

    /** A user's class. */
    static final class OwnMapper extends LibraryFixtures.Mapper {
        private static final long serialVersionUID = 1L;
    }

    /** A user's class with a lock of its own beside the library's. */
    static final class LockingMapper extends LibraryFixtures.Mapper {
        private static final long serialVersionUID = 1L;
        final ReentrantLock own = new ReentrantLock();
    }

    static Stream<Object> usersLocks() {
        ReentrantLock lock = new ReentrantLock();
        LibraryFixtures.Mapper mapper = new LibraryFixtures.Mapper();
        return Stream.of(
                lock,
                List.of(lock),
                Map.of("lock", lock),
                new LibraryFixtures.Mutex(),
                new LockingMapper(),
                Arrays.asList(mapper, mapper.cache.lock),
                Arrays.asList(mapper.cache.both.readLock(), mapper),
                Arrays.asList(new LibraryFixtures.Holder(new ArrayList<>(List.of(1, lock)), null), Map.of(1, lock)));
    }

    @ParameterizedTest
    @MethodSource("usersLocks")
    void locksThatTheUserHolds_areRefused(Object value) {
        assertThatThrownBy(() -> codec.encode(value))
                .isInstanceOf(NotShippableException.class)
                .hasMessageContaining("it works inside one JVM only; use manyjvm.parallel.");
    }

    @Test
    void locksThatAreNotSerializable_orInObjectsThatAreNot_areRefusedByTheLibrarysObject() {
        assertThatThrownBy(() -> codec.encode(new HashMap<>(Map.of("db", new LibraryFixtures.Connections()))))
                .hasMessage("cannot send it: root.get(\"db\") is a " + LibraryFixtures.class.getName()
                        + "$Connections, which holds a java.util.concurrent.locks.ReentrantLock: make one inside the"
                        + " function, or send the values that you need of it");
        assertThatThrownBy(() -> codec.encode(new LibraryFixtures.Latched()))
                .hasMessageContaining("root is a " + LibraryFixtures.class.getName()
                        + "$Latched, which holds a java.util.concurrent.CountDownLatch: make one");
    }

    @Test
    void culpritDeepInALibrarysObject_isToldByTheWayThatTheUserKnows() {
        Fixtures.Client client = new Fixtures.Client();
        client.socket = new LibraryFixtures.Holder(1, new LibraryFixtures.Holder(new Thread(), null));
        assertThatThrownBy(() -> codec.encode(new Fixtures.Order("o", client)))
                .hasMessage("cannot send it: root.client.socket is a " + LibraryFixtures.class.getName()
                        + "$Holder, which holds a java.lang.Thread: make one inside the function, or send the values"
                        + " that you need of it");
    }
}
