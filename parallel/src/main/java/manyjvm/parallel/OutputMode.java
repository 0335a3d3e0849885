package manyjvm.parallel;

/** How the text that workers print is shown. */
public enum OutputMode {
    /** Whole lines, never torn, in order of arrival; a pool's lines carry the number of the worker. The default. */
    LIVE,
    /** Pieces as they come: what several processes that write to one terminal look like. */
    RAW,
    /** The text of each task together, in the order of the arguments, once all tasks before it have finished. */
    GROUPED
}
