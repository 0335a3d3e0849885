package manyjvm.parallel.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.interleaving.Interleavings;
import manyjvm.parallel.interleaving.Scenario;
import manyjvm.parallel.interleaving.Steps;
import org.junit.jupiter.api.Test;

/** The linker of a JVM, its garbage collector and what the hosts hear of both, in every order of their steps. */
class SharedLinkerInterleavingsTest {
    /** Two threads that link a handle and drop the object, and the collector, which finds what nobody has. */
    static final class Linking implements Scenario {
        private static final Shared.Handle HANDLE = new Shared.Handle("Event", 1, "");

        private static Linking present;

        private final SharedLinker linker;
        private final Set<Long> numbers = new HashSet<>(); // by which the host knows that this JVM holds it
        private final Map<Thread, List<Object>> reachable = new IdentityHashMap<>(); // from each thread
        private final Map<Object, Runnable> cleaners = new IdentityHashMap<>(); // of what is watched
        private final Set<Object> collected = new HashSet<>();
        private final List<Object> inUse = new ArrayList<>();
        private int linking = 2;

        Linking() {
            present = this;
            linker = new SharedLinker((SharedClient) Proxy.newProxyInstance(
                    getClass().getClassLoader(), new Class<?>[] {SharedClient.class}, (self, method, given) -> {
                        assertThat(method.getName()).isEqualTo("tell");
                        told((SharedRequest) given[0]);
                        return null;
                    }));
        }

        private void told(SharedRequest request) {
            Steps.step();
            switch (SharedOperation.of(request)) {
                case LINKED -> assertThat(numbers.add(request.number())).isTrue();
                case RELEASED -> assertThat(numbers.remove(request.number())).isTrue();
                default -> throw new AssertionError(request);
            }
            assertThat(inUse.isEmpty() || !numbers.isEmpty())
                    .as("the host knows of what is in use")
                    .isTrue();
        }

        @Override
        public List<Callable<?>> threads() {
            return List.of(() -> use(2), () -> use(1), this::collect);
        }

        private Void use(int times) {
            for (int time = 0; time < times; time++) {
                Object object = linker.link(HANDLE);
                assertThat(inUse).allMatch(other -> other == object);
                assertThat(numbers).isNotEmpty();
                inUse.add(object);
                Steps.step();
                inUse.remove(object);
                reachable.remove(Thread.currentThread());
                Steps.step();
            }
            linking--;
            return null;
        }

        /** First it clears the references to what nobody reaches; its cleaner runs at any time after that. */
        private Void collect() {
            while (true) {
                Steps.await(() -> linking == 0 || found() != null);
                Object found = found();
                if (found == null) {
                    return null;
                }
                collected.add(found);
                Steps.step();
                cleaners.remove(found).run();
            }
        }

        private Object found() {
            return cleaners.keySet().stream()
                    .filter(object -> !collected.contains(object))
                    .filter(object -> reachable.values().stream().noneMatch(ofThread -> ofThread.contains(object)))
                    .findFirst()
                    .orElse(null);
        }

        @Override
        public void check() {
            assertThat(numbers).isEmpty();
            assertThat(linker.known(HANDLE)).isEmpty();
        }

        private static <T> T reached(T object) {
            present.reachable
                    .computeIfAbsent(Thread.currentThread(), thread -> new ArrayList<>())
                    .add(object);
            return object;
        }

        // ---- in the place of what makes an object, and of the collector

        static Shared link(SharedKind kind, SharedClient client, Shared.Handle handle) {
            return reached(() -> handle);
        }

        static Object get(WeakReference<?> reference) {
            Object object = reference.get();
            return present.collected.contains(object) ? null : reached(object);
        }

        static void watch(Object object, Runnable release) {
            present.cleaners.put(object, release);
        }
    }

    @Test
    void object_isOne_andTheHostKnowsOfItWhileItIsInUse() throws Exception {
        Interleavings.of(Linking.class)
                .replacing(SharedKind.class, "link")
                .replacing(WeakReference.class, "get")
                .replacing(Hold.class, "watch")
                .explore(3);
    }
}
