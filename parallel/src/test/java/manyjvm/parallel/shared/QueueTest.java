package manyjvm.parallel.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import manyjvm.parallel.NotShippableException;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.Queue;
import manyjvm.parallel.Value;
import manyjvm.parallel.WaitInterruptedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class QueueTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(20);

    @RegisterExtension
    final FakeDriver driver = new FakeDriver();

    @Test
    void get_afterPutInAnotherJvm_givesTheElements_inOrder() throws Exception {
        Queue<Integer> queue = new Queue<>();
        Queue<Integer> there = driver.newJvm().receive(queue);
        for (int element = 0; element < 100; element++) {
            there.put(element);
        }
        for (int element = 0; element < 100; element++) {
            assertThat(queue.get(LONG)).isEqualTo(element);
        }
        assertThat(queue).isEmpty();
    }

    @Test
    void put_ofAListThatHoldsNull_travels() {
        Queue<List<Object>> queue = new Queue<>();
        driver.newJvm().receive(queue).put(Arrays.asList(42, null, "hello"));
        assertThat(queue.get()).containsExactly(42, null, "hello");
    }

    @Test
    void put_ofNull_advisesASentinel() {
        Queue<Object> queue = new Queue<>();
        assertThatThrownBy(() -> queue.put(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("sentinel");
        assertThatThrownBy(() -> queue.offer(null)).isInstanceOf(NullPointerException.class);
        assertThat(queue).isEmpty();
    }

    @Test
    void put_ofWhatCannotTravel_isRefusedInTheCallersThread() {
        Queue<Object> queue = new Queue<>();
        assertThatThrownBy(() -> queue.put(new Thread())).isInstanceOf(NotShippableException.class);
        assertThat(queue).isEmpty();
    }

    @Test
    void put_takesASnapshot_alsoWithinOneJvm() {
        Queue<List<Integer>> queue = new Queue<>();
        List<Integer> element = new ArrayList<>(List.of(1));
        queue.put(element);
        element.add(2);
        assertThat(queue.get()).containsExactly(1);
    }

    @Test
    void get_ofEmptyQueue_endsAtItsTimeout_andTakesNothingLater() throws Exception {
        Queue<String> queue = new Queue<>();
        for (Queue<String> each : List.of(queue, driver.newJvm().receive(queue))) {
            assertThatThrownBy(() -> each.get(SHORT))
                    .isInstanceOf(TimeoutException.class)
                    .hasMessageContaining("stayed empty");
            assertThat(each.poll(1, TimeUnit.MILLISECONDS)).isNull();
            assertThat(each.poll()).isNull();
            assertThat(each.peek()).isNull();
            assertThatThrownBy(each::getNoWait).isInstanceOf(NoSuchElementException.class);
        }
        queue.put("later");
        assertThat(queue.get()).isEqualTo("later");
    }

    @Test
    void get_interrupted_throwsWithTheFlagSet_andTakesNothing() throws Exception {
        Queue<String> queue = new Queue<>();
        for (Queue<String> each : List.of(queue, driver.newJvm().receive(queue))) {
            Threads<Boolean> getter = Threads.runUntilWaiting(() -> {
                assertThatThrownBy(each::get).isInstanceOf(WaitInterruptedException.class);
                return Thread.interrupted();
            });
            getter.thread.interrupt();
            assertThat(getter.get()).isTrue();
            queue.put("kept");
            assertThat(queue.get()).isEqualTo("kept");
        }
    }

    @Test
    void take_interrupted_throwsInterruptedException_asTheJdkDoes() throws Exception {
        BlockingQueue<String> queue = new Queue<>();
        Threads<Boolean> taker = Threads.runUntilWaiting(() -> {
            assertThatThrownBy(queue::take).isInstanceOf(InterruptedException.class);
            return Thread.interrupted();
        });
        taker.thread.interrupt();
        assertThat(taker.get()).isFalse();
    }

    @Test
    void get_underAStormOfInterruptsAndTimeouts_losesAndDoublesNothing() throws Exception {
        Queue<Integer> queue = new Queue<>();
        Queue<Integer> there = driver.newJvm().receive(queue);
        int count = 2000;
        Threads<List<Integer>> taker = Threads.run(() -> {
            List<Integer> taken = new ArrayList<>();
            while (taken.size() < count) {
                try {
                    taken.add(there.get(Duration.ofNanos(50_000)));
                } catch (TimeoutException | WaitInterruptedException again) {
                    Thread.interrupted();
                }
            }
            return taken;
        });
        for (int element = 0; element < count; element++) {
            queue.put(element);
            if (element % 3 == 0) {
                taker.thread.interrupt();
            }
            Thread.yield();
        }
        assertThat(taker.get()).isEqualTo(IntStream.range(0, count).boxed().toList());
        assertThat(queue).isEmpty();
    }

    @Test
    void put_intoAFullQueue_waitsForRoom() throws Exception {
        Queue<Integer> queue = new Queue<>(2);
        Queue<Integer> there = driver.newJvm().receive(queue);
        there.put(1);
        there.put(2);
        assertThat(queue.isFull()).isTrue();
        assertThat(queue.remainingCapacity()).isZero();
        assertThat(queue.offer(3)).isFalse();
        assertThat(there.offer(3, 1, TimeUnit.MILLISECONDS)).isFalse();
        assertThatThrownBy(() -> there.put(3, SHORT))
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("full");
        assertThatThrownBy(() -> there.putNoWait(3)).isInstanceOf(IllegalStateException.class);
        Threads<Void> putter = Threads.runUntilWaiting(() -> {
            there.put(3);
            return null;
        });
        assertThat(queue.get()).isEqualTo(1);
        putter.get();
        assertThat(queue).containsExactly(2, 3);
    }

    @Test
    void put_interruptedWhileFull_addsNothing() throws Exception {
        Queue<Integer> queue = new Queue<>(1);
        queue.put(1);
        Threads<Boolean> putter = Threads.runUntilWaiting(() -> {
            assertThatThrownBy(() -> queue.put(2)).isInstanceOf(WaitInterruptedException.class);
            return Thread.interrupted();
        });
        putter.thread.interrupt();
        assertThat(putter.get()).isTrue();
        assertThat(queue.get()).isEqualTo(1);
        assertThat(queue).isEmpty();
    }

    @Test
    void capacity_holdsOverProducersAndConsumersInSeveralJvms() throws Exception {
        Queue<Integer> queue = new Queue<>(3);
        int perProducer = 500;
        List<Threads<Integer>> producers = new ArrayList<>();
        List<Threads<Integer>> consumers = new ArrayList<>();
        for (int number = 0; number < 3; number++) {
            Queue<Integer> there = driver.newJvm().receive(queue);
            producers.add(Threads.run(() -> {
                int largest = 0;
                for (int element = 1; element <= perProducer; element++) {
                    there.put(element);
                    largest = Math.max(largest, there.size());
                }
                return largest;
            }));
            consumers.add(Threads.run(() -> {
                int sum = 0;
                for (int element = 1; element <= perProducer; element++) {
                    sum += there.get();
                }
                return sum;
            }));
        }
        int sum = 0;
        for (Threads<Integer> consumer : consumers) {
            sum += consumer.get();
        }
        assertThat(sum).isEqualTo(3 * perProducer * (perProducer + 1) / 2);
        for (Threads<Integer> producer : producers) {
            assertThat(producer.get()).isLessThanOrEqualTo(3);
        }
    }

    @Test
    void capacity_belowOne_isRefused() {
        assertThatThrownBy(() -> new Queue<>(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least 1");
    }

    @Test
    void element_ofATakerThatDiedWaiting_goesToTheNext() throws Exception {
        Queue<String> queue = new Queue<>();
        FakeDriver.Jvm victim = driver.newJvm();
        Queue<String> there = victim.receive(queue);
        Threads.runUntilWaiting(there::get);
        victim.flush();
        victim.die();
        queue.put("first");
        assertThat(queue.get(LONG)).isEqualTo("first");
    }

    @Test
    void elements_onTheWayToATakerThatDied_goBackToTheHead_inOrder() throws Exception {
        Queue<String> queue = new Queue<>();
        // A JVM that died right after it asked: its answers are given, and never confirmed.
        queue.put("first");
        queue.put("second");
        queue.put("third");
        for (long ticket = 1; ticket <= 2; ticket++) {
            driver.hosts().handle(7, request(queue, SharedOperation.GET_WAITING, ticket), lost -> {});
        }
        assertThat(queue).containsExactly("third");
        driver.hosts().jvmGone(7, FakeDriver.DEATH);
        assertThat(queue).containsExactly("first", "second", "third");
    }

    @Test
    void element_confirmedByATakerThatDied_isNotGivenAgain() throws Exception {
        Queue<String> queue = new Queue<>();
        FakeDriver.Jvm jvm = driver.newJvm();
        Queue<String> there = jvm.receive(queue);
        queue.put("once");
        assertThat(there.get()).isEqualTo("once");
        jvm.die();
        jvm.wireEnd();
        assertThat(queue).isEmpty();
    }

    @Test
    void join_waitsUntilEveryElementIsDone() throws Exception {
        Queue<Integer> queue = new Queue<>();
        Queue<Integer> there = driver.newJvm().receive(queue);
        queue.put(1);
        queue.put(2);
        assertThat(queue.join(SHORT)).isFalse();
        Threads<Void> joiner = Threads.runUntilWaiting(() -> {
            queue.join();
            return null;
        });
        there.get();
        there.taskDone();
        there.get();
        assertThat(joiner.isDone()).isFalse();
        there.taskDone();
        joiner.get();
        assertThat(there.join(LONG)).isTrue();
        assertThatThrownBy(queue::taskDone)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("more often");
    }

    @Test
    void close_endsWaitsAndUseInThisJvmOnly() throws Exception {
        Queue<Integer> queue = new Queue<>();
        Queue<Integer> there = driver.newJvm().receive(queue);
        Threads<Void> getter = Threads.runUntilWaiting(() -> {
            assertThatThrownBy(there::get)
                    .isInstanceOf(ParallelException.class)
                    .hasMessageContaining("closed in this JVM");
            return null;
        });
        there.close();
        there.close();
        getter.get();
        assertThatThrownBy(() -> there.put(1)).hasMessageContaining("closed in this JVM");
        assertThatThrownBy(there::size).hasMessageContaining("closed in this JVM");
        queue.put(1);
        assertThat(queue.get()).isEqualTo(1);
    }

    @Test
    void driverClose_endsEveryWait_withOneClearError() throws Exception {
        Queue<Integer> queue = new Queue<>();
        Queue<Integer> there = driver.newJvm().receive(queue);
        List<Threads<Object>> waiters =
                List.of(Threads.runUntilWaiting(queue::get), Threads.runUntilWaiting(there::get));
        driver.hosts().close();
        driver.hosts().close();
        for (Threads<Object> waiter : waiters) {
            assertThatThrownBy(waiter::get)
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(ParallelException.class)
                    .hasMessageContaining("the driver that hosts it was closed");
        }
        assertThatThrownBy(queue::size).isInstanceOf(ParallelException.class);
    }

    @Test
    void collectionMethods_doWhatTheyDoInAnyQueue() {
        Queue<Integer> queue = new Queue<>();
        Queue<Integer> there = driver.newJvm().receive(queue);
        there.addAll(List.of(1, 2, 3, 4, 5, 6));
        assertThat(there.peek()).isEqualTo(1);
        assertThat(there.element()).isEqualTo(1);
        assertThat(queue.size()).isEqualTo(6);
        assertThat(there.contains(4)).isTrue();
        assertThat(there.remove(4)).isTrue();
        assertThat(there.remove((Object) 4)).isFalse();
        there.removeIf(element -> element == 2);
        assertThat(queue.toArray()).containsExactly(1, 3, 5, 6);
        List<Integer> drained = new ArrayList<>();
        assertThat(there.drainTo(drained, 3)).isEqualTo(3);
        assertThat(drained).containsExactly(1, 3, 5);
        assertThat(there.drainTo(drained)).isEqualTo(1);
        assertThat(there.drainTo(drained)).isZero();
        there.add(7);
        there.clear();
        assertThat(queue).isEmpty();
        assertThatThrownBy(() -> there.drainTo(there)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(there::element).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void drainTo_ofMoreThanOneAnswerHolds_takesAll() {
        Queue<byte[]> queue = new Queue<>();
        Queue<byte[]> there = driver.newJvm().receive(queue);
        for (int element = 0; element < 10; element++) {
            queue.put(new byte[1 << 20]);
        }
        List<byte[]> drained = new ArrayList<>();
        assertThat(there.drainTo(drained)).isEqualTo(10);
    }

    @Test
    void iterator_showsOneMoment_andRemovesOnlyWhatIsStillThere() {
        Queue<Integer> queue = new Queue<>();
        queue.addAll(List.of(1, 2));
        Iterator<Integer> iterator = queue.iterator();
        assertThat(iterator.next()).isEqualTo(1);
        assertThat(queue.get()).isEqualTo(1);
        queue.put(1);
        iterator.remove();
        assertThat(iterator.next()).isEqualTo(2);
        assertThat(iterator.hasNext()).isFalse();
        assertThat(queue).containsExactly(2, 1);
    }

    @Test
    void queueThroughAQueue_isTheSameQueue() {
        Queue<Object> outer = new Queue<>();
        FakeDriver.Jvm jvm = driver.newJvm();
        Queue<Object> outerThere = jvm.receive(outer);
        Queue<String> made = jvm.make(() -> new Queue<String>());
        made.put("inside");
        outerThere.put(made);
        @SuppressWarnings("unchecked") // the element is the queue put above
        Queue<String> received = (Queue<String>) outer.get();
        assertThat(received.get()).isEqualTo("inside");
        received.put("back");
        assertThat(made.get()).isEqualTo("back");
    }

    @Test
    void valueInAnElement_outlivesItsSender() throws Exception {
        Queue<Object> queue = new Queue<>();
        FakeDriver.Jvm jvm = driver.newJvm();
        Queue<Object> there = jvm.receive(queue);
        there.put(jvm.make(() -> Value.of(42)));
        jvm.die();
        assertThat(((Value.OfInt) queue.get(LONG)).get()).isEqualTo(42);
    }

    private static Queue<Integer> filled() {
        Queue<Integer> queue = new Queue<>();
        queue.put(7);
        return queue;
    }

    @Test
    void peek_inTheDriver_keepsWhatTheElementRefersTo() throws Exception {
        Queue<Queue<Integer>> outer = new Queue<>();
        outer.put(filled());
        for (int look = 0; look < 3; look++) {
            Garbage.collect();
            assertThat(outer.peek().size()).isEqualTo(1);
        }
        for (Queue<Integer> each : outer) {
            assertThat(each.size()).isEqualTo(1);
        }
        Garbage.collect();
        assertThat(outer.get().get()).isEqualTo(7);
    }

    @Test
    void iterator_keepsWhatItsElementsReferTo_alsoWhenTheyAreTakenMeanwhile() throws Exception {
        Queue<Queue<Integer>> outer = new Queue<>();
        FakeDriver.Jvm jvm = driver.newJvm();
        Queue<Queue<Integer>> there = jvm.receive(outer);
        for (Queue<Queue<Integer>> looker : List.of(outer, there)) {
            for (Queue<Queue<Integer>> taker : List.of(outer, there)) {
                outer.put(filled());
                Iterator<Queue<Integer>> iterator = looker.iterator();
                taker.clear();
                outer.put(filled());
                Iterator<Queue<Integer>> second = looker.iterator();
                assertThat(taker.get().size()).isEqualTo(1);
                Garbage.collect();
                jvm.flush();
                assertThat(iterator.next().size()).isEqualTo(1);
                assertThat(second.next().size()).isEqualTo(1);
            }
        }
    }

    @Test
    void link_inOneJvm_givesTheSameObject() {
        Queue<Object> queue = new Queue<>();
        FakeDriver.Jvm jvm = driver.newJvm();
        assertThat(driver.driverJvm().linker().link(queue.handle())).isSameAs(queue);
        assertThat(jvm.receive(queue)).isSameAs(jvm.receive(queue)).isNotSameAs(queue);
    }

    @Test
    void handles_thatMeanNothing_areRefused() throws Exception {
        assertThatThrownBy(() ->
                        driver.driverJvm().linker().link(new manyjvm.parallel.base.Shared.Handle("Kettle", 1, "")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Kettle");
    }

    private static SharedRequest request(Queue<?> queue, SharedOperation operation, long ticket) {
        return new SharedRequest(queue.handle(), operation, ticket);
    }
}
