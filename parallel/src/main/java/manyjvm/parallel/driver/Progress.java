package manyjvm.parallel.driver;

/** How far a submission has come, and how many workers it has cost. A part of a {@link Scheduler}. */
final class Progress {
    private static final int MOST_DIED_LOADING = 2;
    private static final int MOST_DIED_BEFORE = 4;

    private final Submission submission;
    private int chunks; // that have not ended
    private long firstChunk; // 0 for none
    private long lastChunk;
    private boolean complete;
    private int diedLoading;
    private int diedBefore;

    Progress(Submission submission) {
        this.submission = submission;
    }

    Submission submission() {
        return submission;
    }

    void chunkAdded(Chunk chunk) {
        chunks++;
        firstChunk = firstChunk == 0 ? chunk.id : firstChunk;
        lastChunk = Math.max(lastChunk, chunk.id);
    }

    /** The number of the first chunk that was added. */
    long firstChunk() {
        return firstChunk;
    }

    /** The number of the last one. */
    long lastChunk() {
        return lastChunk;
    }

    void chunkEnded() {
        chunks--;
    }

    /** No more chunks will be added. */
    void complete() {
        complete = true;
    }

    boolean hasChunks() {
        return chunks > 0;
    }

    boolean isDone() {
        return complete && chunks == 0;
    }

    /** Some item has an outcome of its own. */
    void movedOn() {
        diedBefore = 0;
    }

    /**
     * Another worker has died while it loaded the function. Once may be an accident; when it happens again, worker after
     * worker would die of it.
     */
    boolean hasKilledWhileLoading() {
        return ++diedLoading >= MOST_DIED_LOADING;
    }

    /** Another worker has died of being sent the function, or a chunk; so many in a row, and nothing else, are no accident. */
    boolean hasKilledBeforeBeginning() {
        return ++diedBefore >= MOST_DIED_BEFORE;
    }
}
