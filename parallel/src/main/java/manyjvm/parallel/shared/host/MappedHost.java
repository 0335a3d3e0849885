package manyjvm.parallel.shared.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.shared.Departure;
import manyjvm.parallel.shared.SharedAnswer;
import manyjvm.parallel.shared.SharedOperation;
import manyjvm.parallel.shared.SharedRequest;
import manyjvm.parallel.shared.memory.MappedFile;
import manyjvm.parallel.shared.memory.MappedLock;

/**
 * Host of what lies in a {@link MappedFile}: values, arrays and locks. It parks those who wait for the lock (how, see {@link
 * MappedLock}), clears the lock words of the dead, and removes the file when no JVM can reach the object any more.
 */
final class MappedHost extends SharedObjectHost {
    private final MappedFile file;
    private final Path path;
    private final WaitQueue parked = new WaitQueue();
    private String lastHolder = "";

    /** @throws manyjvm.parallel.ParallelException when the object is gone */
    MappedHost(Shared.Handle handle, Path folder) {
        super(handle);
        file = MappedFile.open(folder, handle.id());
        path = MappedFile.path(folder, handle.id());
    }

    @Override
    void receive(Caller caller, SharedOperation operation, SharedRequest request, List<Content> contents) {
        switch (operation) {
            case PARK -> {
                if (markContended()) {
                    parked.add(caller);
                } else {
                    answer(caller, SharedAnswer.DONE);
                }
            }
            case UNPARK -> wakeFirst();
            case LAST_HOLDER -> answer(caller, SharedAnswer.of(SharedAnswer.DONE, lastHolder));
            default -> refuse(caller, operation);
        }
    }

    @Override
    List<WaitQueue> waitQueues() {
        return List.of(parked);
    }

    @Override
    void jvmGone(int jvmId, Departure departure, boolean waited) {
        super.jvmGone(jvmId, departure, waited);
        for (long word; (word = file.word()) != 0 && MappedLock.jvmIdOf(word) == jvmId; ) {
            lastHolder = departure.toString(); // before anybody can find the note
            file.setDepth(0);
            file.setDeaths(jvmId + 1);
            // The dead do not interfere, and only hosts set the other bit: this succeeds at once.
            file.compareAndSetWord(word, 0);
        }
        // The dead may also have been woken and not have passed that on.
        if (!parked.isEmpty() && !markContended()) {
            wakeFirst();
        }
    }

    @Override
    void closing() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException left) {
            // The folder is private to the driver, which removes it with all that is left in it.
        }
    }

    /** @return false when the lock is free, so that there is nobody who would unpark */
    private boolean markContended() {
        while (true) {
            long word = file.word();
            if (word == 0) {
                return false;
            }
            if ((word & MappedLock.CONTENDED) != 0 || file.compareAndSetWord(word, word | MappedLock.CONTENDED)) {
                return true;
            }
        }
    }

    private void wakeFirst() {
        Waiter first = parked.poll();
        if (first != null) {
            answer(first.caller(), SharedAnswer.DONE);
        }
    }
}
