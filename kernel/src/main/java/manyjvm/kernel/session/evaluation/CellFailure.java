package manyjvm.kernel.session.evaluation;

import java.util.List;
import manyjvm.kernel.session.Session;

/** Ends the evaluation of a cell with an error that is the user's to mend. */
final class CellFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Session.Outcome.Failed outcome;

    CellFailure(String name, String message, List<String> traceback) {
        super(message, null, false, false);
        outcome = new Session.Outcome.Failed(name, message, traceback);
    }

    Session.Outcome.Failed outcome() {
        return outcome;
    }
}
