package manyjvm.parallel;

import static manyjvm.parallel.Parallel.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a manager makes, and named memory, between real JVMs. */
@Timeout(120)
class ManagerIT {
    @RegisterExtension
    final NoLeftovers leftovers = new NoLeftovers();

    private enum Kind {
        EVEN,
        ODD
    }

    private record Key(Kind kind, List<String> path) {}

    private static Key key(int x) {
        return new Key(x % 2 == 0 ? Kind.EVEN : Kind.ODD, List.of("a", String.valueOf('a')));
    }

    @Test
    void map_mergedByWorkers_losesNothing_whateverTheKeysClass() {
        try (Manager manager = new Manager();
                Pool pool = new Pool(2)) {
            ConcurrentMap<Key, Integer> counts = manager.map();
            counts.put(key(0), 100);
            pool.chunk(1).each(x -> counts.merge(key(x), 1, Integer::sum), range(200));
            assertThat(counts).isEqualTo(Map.of(key(0), 200, key(1), 100));
        }
    }

    @Test
    void listSetAndNamespace_changedByWorkers_areSeenHere() {
        try (Manager manager = new Manager();
                Pool pool = new Pool(2)) {
            List<Integer> list = manager.list();
            Set<String> set = manager.set(List.of("0"));
            Namespace namespace = manager.namespace();
            namespace.set("sum", 0);
            pool.each(
                    x -> {
                        list.add(x);
                        set.add(String.valueOf(x % 3));
                        namespace.update("sum", Integer.class, sum -> sum + x);
                    },
                    range(30));
            assertThat(list).containsExactlyInAnyOrderElementsOf(range(30));
            assertThat(new TreeSet<>(set)).containsExactly("0", "1", "2");
            assertThat(namespace.get("sum")).isEqualTo(435);
        }
    }

    @Test
    void managerInAWorker_makesWhatLivesHere_andInWorkersOfItsOwn() {
        try (Pool pool = new Pool(1)) {
            List<Integer> made = pool.apply((Task<List<Integer>>) () -> {
                List<Integer> list = new Manager().list(range(2));
                try (Pool inner = new Pool(1)) {
                    inner.apply((Action) () -> list.add(2));
                }
                return list;
            });
            made.add(3);
            pool.apply((Action) () -> made.add(4));
            assertThat(made).containsExactly(0, 1, 2, 3, 4);
        }
    }

    @Test
    void manager_doesNotTravel_andSaysWhatToDo() {
        try (Manager manager = new Manager();
                Pool pool = new Pool(1)) {
            assertThatThrownBy(() -> pool.apply(() -> manager.map().size()))
                    .isInstanceOf(NotShippableException.class)
                    .hasMessageContaining("is a Manager")
                    .hasMessageContaining("send the maps and lists that it made");
        }
    }

    @Test
    void map_ofAClosedManager_failsInWorkersToo() {
        try (Pool pool = new Pool(1)) {
            Map<String, Integer> map;
            try (Manager manager = new Manager()) {
                map = manager.map(Map.of("a", 1));
                assertThat((int) pool.apply(() -> map.get("a"))).isEqualTo(1);
            }
            assertThatThrownBy(() -> pool.apply(() -> map.get("a")))
                    .isInstanceOf(TaskFailedException.class)
                    .hasMessageContaining("its Manager was closed");
        }
    }

    @Test
    void sharedMemory_goesByHandleAndByName_andOutlivesItsMaker() throws Exception {
        SharedMemory memory = SharedMemory.create(16);
        Process writer = new Process(() -> memory.buffer().putLong(0, 42)).start();
        writer.join();
        assertThat(memory.buffer().getLong(0)).isEqualTo(42);
        Queue<String> names = new SimpleQueue<>();
        Process maker = new Process(() -> {
                    SharedMemory made = SharedMemory.create(8);
                    made.buffer().putInt(0, 7);
                    names.put(made.name());
                })
                .start();
        maker.join();
        try (SharedMemory opened = SharedMemory.open(names.get(Duration.ofSeconds(60)))) {
            assertThat(opened.buffer().getInt(0)).isEqualTo(7);
            opened.unlink();
        }
        memory.unlink();
    }

    @Test
    void shareableList_changedByAProcess_isSeenHere() throws Exception {
        ShareableList list = ShareableList.of("text", 1, 2.5);
        new Process(() -> {
                    list.set(0, "other");
                    list.set(1, list.get(1, Integer.class) + 41);
                })
                .start()
                .onExit()
                .get(60, TimeUnit.SECONDS);
        assertThat(list).containsExactly("other", 42, 2.5);
    }

    @Test
    void joinableQueue_joinsWhenTheConsumersAreDone() throws Exception {
        JoinableQueue<Integer> queue = new JoinableQueue<>();
        Value.OfInt sum = Value.of(0);
        Process consumer = Process.builder()
                .daemon(true)
                .target((Action) () -> {
                    while (true) {
                        sum.getAndAdd(queue.get());
                        queue.taskDone();
                    }
                })
                .start();
        for (int x : range(10)) {
            queue.put(x);
        }
        assertThat(queue.join(Duration.ofSeconds(60))).isTrue();
        assertThat(sum.get()).isEqualTo(45);
        consumer.kill();
        assertThat(consumer.join(Duration.ofSeconds(60))).isTrue();
    }
}
