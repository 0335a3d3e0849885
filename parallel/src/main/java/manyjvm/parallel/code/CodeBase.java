package manyjvm.parallel.code;

import java.util.List;

/**
 * What stays the same when a function is submitted again and again: its classes, the class path that they need, and the call
 * site that makes it. A worker is told once, and from then on the number under which it was; each submission brings values
 * alone. Known by identity: an equal one is only told again.
 */
public final class CodeBase {
    public static final CodeBase NONE = new CodeBase(List.of(), List.of(), "");

    private final List<Bundle.ClassReference> classes;
    private final List<String> classPath;
    private final String site;

    /**
     * @param classes session classes, by name and content
     * @param classPath jars and class folders for the parent of the session classes, as absolute paths on the driver's host
     * @param site the text of the lambda's call site; empty for a function that travels as an object
     */
    public CodeBase(List<Bundle.ClassReference> classes, List<String> classPath, String site) {
        this.classes = classes;
        this.classPath = classPath;
        this.site = site;
    }

    public List<Bundle.ClassReference> classes() {
        return classes;
    }

    public List<String> classPath() {
        return classPath;
    }

    public String site() {
        return site;
    }
}
