package manyjvm.parallel.driver;

import java.util.Optional;

/** What a {@link Scheduler} wants done, in this order. */
sealed interface Command {
    void tell(Receiver receiver);

    /** Start a worker; whatever comes of it is told. */
    record Launch(WorkerLife life) implements Command {
        @Override
        public void tell(Receiver receiver) {
            receiver.launch(life);
        }
    }

    /** Send it the chunk, which it holds. */
    record Run(WorkerLife life, Chunk chunk) implements Command {
        @Override
        public void tell(Receiver receiver) {
            receiver.run(life, chunk);
        }
    }

    /** Run the pool's initializer, or exit hook, in this worker; its chunk is added, its outcome told. */
    record RunHook(WorkerLife life, Hook hook) implements Command {
        @Override
        public void tell(Receiver receiver) {
            receiver.runHook(life, hook);
        }
    }

    /** Ask it to give the chunk back unless it has started it. */
    record Reclaim(WorkerLife life, Chunk chunk) implements Command {
        @Override
        public void tell(Receiver receiver) {
            receiver.reclaim(life, chunk);
        }
    }

    record Interrupt(WorkerLife life, Chunk chunk) implements Command {
        @Override
        public void tell(Receiver receiver) {
            receiver.interrupt(life, chunk);
        }
    }

    /** Let it end in good order. */
    record Leave(WorkerLife life) implements Command {
        @Override
        public void tell(Receiver receiver) {
            receiver.leave(life);
        }
    }

    /** @param reason what is told of its death, instead of the signal */
    record Kill(WorkerLife life, Optional<String> reason) implements Command {
        @Override
        public void tell(Receiver receiver) {
            receiver.kill(life, reason);
        }
    }

    /** The outcome of an item is that its worker died. */
    record Lose(LostItem lost) implements Command {
        @Override
        public void tell(Receiver receiver) {
            receiver.lose(lost);
        }
    }

    /** No worker has to be sent this chunk any more, though none has answered for it. */
    record Settle(Chunk chunk) implements Command {
        @Override
        public void tell(Receiver receiver) {
            receiver.settle(chunk);
        }
    }

    /** The submission has ended: all its items have an outcome, or this is why the others never will. */
    record Finish(Submission submission, Optional<Throwable> reason) implements Command {
        @Override
        public void tell(Receiver receiver) {
            receiver.finish(submission, reason);
        }
    }

    /** The submission has ended because worker after worker dies of it. */
    record GiveUp(Submission submission, LostItem lost) implements Command {
        @Override
        public void tell(Receiver receiver) {
            receiver.giveUp(submission, lost);
        }
    }

    /** Nothing can run here any more, for this reason: take no submissions. */
    record Break(RuntimeException reason) implements Command {
        @Override
        public void tell(Receiver receiver) {
            receiver.breakDown(reason);
        }
    }

    /** The pool has ended, and all its workers have. */
    record End() implements Command {
        @Override
        public void tell(Receiver receiver) {
            receiver.end();
        }
    }

    /** Whoever carries commands out. */
    interface Receiver {
        void launch(WorkerLife life);

        void run(WorkerLife life, Chunk chunk);

        void runHook(WorkerLife life, Hook hook);

        void reclaim(WorkerLife life, Chunk chunk);

        void interrupt(WorkerLife life, Chunk chunk);

        void leave(WorkerLife life);

        void kill(WorkerLife life, Optional<String> reason);

        void lose(LostItem lost);

        void settle(Chunk chunk);

        void finish(Submission submission, Optional<Throwable> reason);

        void giveUp(Submission submission, LostItem lost);

        void breakDown(RuntimeException reason);

        void end();
    }
}
