package manyjvm.parallel.shared.host;

import java.util.List;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.shared.SharedAnswer;
import manyjvm.parallel.shared.SharedOperation;
import manyjvm.parallel.shared.SharedRequest;

/** Host of what a {@link manyjvm.parallel.Manager} makes: ends with it. Nobody waits here. */
abstract class ManagedHost extends SharedObjectHost {
    private boolean ended;

    ManagedHost(Shared.Handle handle) {
        super(handle);
    }

    @Override
    final void receive(Caller caller, SharedOperation operation, SharedRequest request, List<Content> contents) {
        if (operation == SharedOperation.END) {
            ended = true;
            empty();
        } else if (ended) {
            answer(
                    caller,
                    SharedAnswer.refused(
                            name()
                                    + " has ended: its Manager was closed. Close a Manager when all work that uses it is done."));
        } else if (operation == SharedOperation.EMPTY) {
            empty();
            answer(caller, SharedAnswer.DONE);
        } else {
            serve(caller, operation, request, contents);
        }
    }

    abstract void serve(Caller caller, SharedOperation operation, SharedRequest request, List<Content> contents);

    abstract void empty();

    @Override
    final void closing() {
        empty();
    }

    final String tooBig(int count) {
        return "The " + count + " elements of " + name()
                + " are too big to be looked at all at once (2 GiB): ask for them one by one.";
    }
}
