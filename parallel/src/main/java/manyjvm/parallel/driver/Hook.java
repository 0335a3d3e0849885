package manyjvm.parallel.driver;

/** What a pool has run in each of its workers: before all tasks, and after them. */
enum Hook {
    INITIALIZER("the initializer"),
    EXIT_HOOK("the exit hook");

    private final String description;

    Hook(String description) {
        this.description = description;
    }

    String description() {
        return description;
    }
}
