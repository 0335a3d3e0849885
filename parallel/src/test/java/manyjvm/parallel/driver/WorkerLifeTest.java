package manyjvm.parallel.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import manyjvm.parallel.driver.WorkerLife.State;
import manyjvm.parallel.spi.CallKind;
import manyjvm.parallel.wire.Code;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WorkerLifeTest {
    private static final long NOW = 7;

    private static Chunk chunk(long id) {
        Submission submission = new Submission(
                id, new Code.Local(null, null), CallKind.FUNCTION, SimulatedPool.plain(), false, null, null, null);
        return Chunk.withoutItem(id, submission, OptionalInt.empty());
    }

    private static final Chunk FIRST = chunk(1);

    private static WorkerLife in(State state) {
        WorkerLife life = new WorkerLife(1);
        if (state != State.STARTING && state != State.GONE) {
            life.cameIn(NOW);
        }
        switch (state) {
            case BUSY -> life.given(FIRST, NOW);
            case LEAVING -> life.leaves();
            case GONE -> life.gone();
            default -> {
                // it is there
            }
        }
        assertThat(life.state()).isEqualTo(state);
        return life;
    }

    @Test
    void wholeLife_goesThroughAllStates() {
        WorkerLife life = in(State.STARTING);
        assertThat(life.hasComeIn()).isFalse();
        life.cameIn(NOW);
        assertThat(life.isIdle()).isTrue();
        Chunk second = chunk(2);
        life.given(FIRST, NOW);
        life.given(second, NOW + 1);
        assertThat(life.head()).contains(FIRST);
        assertThat(life.load()).isEqualTo(2);
        life.answered(FIRST, NOW + 2);
        assertThat(life.state()).isEqualTo(State.BUSY);
        assertThat(life.head()).contains(second);
        life.answered(second, NOW + 3);
        assertThat(life.isIdle()).isTrue();
        assertThat(life.idleSince()).isEqualTo(NOW + 3);
        life.leaves();
        assertThat(life.takesChunks()).isFalse();
        assertThat(life.gone()).isEmpty();
        assertThat(life.isGone()).isTrue();
        assertThat(life.hasComeIn()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(State.class)
    void death_isPossibleOnce(State state) {
        WorkerLife life = in(state);
        if (state == State.GONE) {
            refused(life, WorkerLife::gone);
        } else {
            assertThat(life.gone()).isEqualTo(state == State.BUSY ? List.of(FIRST) : List.of());
            assertThat(life.isGone()).isTrue();
            assertThat(life.load()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(value = State.class, names = "STARTING", mode = EnumSource.Mode.EXCLUDE)
    void comingIn_isPossibleAtTheStartOnly(State state) {
        refused(in(state), life -> life.cameIn(NOW));
    }

    @ParameterizedTest
    @EnumSource(
            value = State.class,
            names = {"STARTING", "LEAVING", "GONE"})
    void chunk_isGivenToWorkersThatAreIn(State state) {
        refused(in(state), life -> life.given(FIRST, NOW));
    }

    @ParameterizedTest
    @EnumSource(value = State.class, names = "READY", mode = EnumSource.Mode.EXCLUDE)
    void leaving_isPossibleWithoutWorkOnly(State state) {
        refused(in(state), WorkerLife::leaves);
    }

    @ParameterizedTest
    @EnumSource(State.class)
    void answerForWhatIsNotThere_isRefused(State state) {
        refused(in(state), life -> life.answered(chunk(9), NOW));
    }

    @Test
    void sameChunkTwice_isRefused() {
        refused(in(State.BUSY), life -> life.given(FIRST, NOW));
    }

    @ParameterizedTest
    @EnumSource(State.class)
    void doomedWorker_takesNoChunks(State state) {
        WorkerLife life = in(state);
        life.doom();
        assertThat(life.takesChunks()).isFalse();
    }

    private static void refused(WorkerLife life, Consumer<WorkerLife> step) {
        State before = life.state();
        assertThatThrownBy(() -> step.accept(life))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("; this is a fault of manyjvm, please report it");
        assertThat(life.state()).isEqualTo(before);
    }
}
