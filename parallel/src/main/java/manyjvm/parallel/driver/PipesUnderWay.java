package manyjvm.parallel.driver;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.shared.host.SharedObjectHosts;
import manyjvm.parallel.wire.Code;

/**
 * The pipes and their ends that are used because a submission is under way with them, whatever the submitter does: by each
 * chunk that no worker has, and by the submission itself for those of its function, until its last chunk is there. With
 * retries, by each chunk that has not ended: another worker may have to be sent it.
 *
 * <p>Safe for use by any thread.
 */
final class PipesUnderWay {
    private final SharedObjectHosts hosts;
    private final long submission;
    private final boolean retried;
    private final List<Shared.Handle> ofFunction;
    private final Map<Shared.Handle, Integer> uses = new HashMap<>(); // guarded by itself
    private volatile boolean over;

    /** Those of the function are under way from now on. */
    PipesUnderWay(SharedObjectHosts hosts, long submission, Code code, int retries) {
        this.hosts = hosts;
        this.submission = submission;
        this.retried = retries > 0;
        ofFunction =
                code instanceof Code.Shipped shipped ? pipes(shipped.bundle().shared()) : List.of();
        giveAway(ofFunction);
    }

    private static List<Shared.Handle> pipes(List<Shared> shared) {
        return shared.isEmpty()
                ? List.of()
                : SharedObjectHosts.ofPipes(shared.stream().map(Shared::handle).toList());
    }

    private List<Shared.Handle> pipes(Chunk chunk) {
        List<Shared.Handle> ofItems = pipes(chunk.shared);
        return ofItems.isEmpty()
                ? ofFunction
                : Stream.concat(ofItems.stream(), ofFunction.stream()).toList();
    }

    private void giveAway(List<Shared.Handle> pipes) {
        if (!pipes.isEmpty()) {
            synchronized (uses) {
                hosts.submitted(submission, pipes);
                pipes.forEach(this::oneMore);
            }
        }
    }

    private void oneMore(Shared.Handle pipe) {
        uses.merge(pipe, 1, Integer::sum);
    }

    private void takeBack(List<Shared.Handle> pipes) {
        if (pipes.isEmpty()) {
            return;
        }
        synchronized (uses) {
            List<Shared.Handle> last = pipes.stream()
                    .filter(pipe -> uses.containsKey(pipe)
                            && uses.computeIfPresent(pipe, (any, by) -> by == 1 ? null : by - 1) == null)
                    .toList();
            hosts.delivered(submission, last);
        }
    }

    /** One more chunk, with these in its items. */
    void added(List<Shared> inItems) {
        giveAway(pipes(inItems));
        if (!ofFunction.isEmpty()) {
            synchronized (uses) {
                ofFunction.forEach(this::oneMore); // not given away anew: the submitter may use them, too, by now
            }
        }
    }

    /** No more chunks will be added. */
    void complete() {
        if (!retried) {
            takeBack(ofFunction);
        }
    }

    /** A worker has it, which was told so. */
    void delivered(Chunk chunk) {
        if (!retried) {
            takeBack(pipes(chunk));
        }
    }

    /** A worker gives it back, or has died with it: in the latter case, before anybody is told of the death. */
    void cameBack(Chunk chunk) {
        List<Shared.Handle> pipes = pipes(chunk);
        if (!over && !pipes.isEmpty()) {
            synchronized (uses) {
                hosts.givenBack(submission, pipes);
                pipes.forEach(this::oneMore);
            }
        }
    }

    /** The submission has ended, or was refused. May be called again: a chunk may be added by somebody who does not know. */
    void end() {
        over = true;
        synchronized (uses) {
            if (!uses.isEmpty()) {
                hosts.delivered(submission, uses.keySet());
                uses.clear();
            }
        }
    }
}
