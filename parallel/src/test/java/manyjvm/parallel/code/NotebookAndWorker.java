package manyjvm.parallel.code;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** For tests of what travels: a notebook, and a worker that has got nothing from it yet. */
abstract class NotebookAndWorker {
    NotebookSession notebook;
    CodePacker packer;
    WorkerSide worker;

    @BeforeEach
    void open() {
        notebook = new NotebookSession();
        packer = WorkerSide.packer(notebook);
        worker = new WorkerSide(packer);
    }

    @AfterEach
    void close() {
        notebook.close();
    }

    Object call(String callable) throws Exception {
        return worker.call(notebook.run("(Callable<Object>) () -> " + callable));
    }
}
